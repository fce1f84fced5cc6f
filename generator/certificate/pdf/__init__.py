"""The PDF objects of a certificate: fonts, pictures, QR code, metadata."""
