"""The certificate (证书): its facts, its face as data, and the press that makes signed PDFs of it.

In: an application of a batch, the marks of the register, a seal, a signer. Out: one finished PDF per person.
"""
