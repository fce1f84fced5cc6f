"""All attacks: importing this registers them in their order."""

import hostile_bytes  # noqa: F401
import hostile_catalogues  # noqa: F401
import hostile_cms  # noqa: F401
import hostile_fields  # noqa: F401 - the order of the table
import hostile_registers  # noqa: F401
import hostile_revisions  # noqa: F401
import hostile_scans  # noqa: F401
import hostile_stamps  # noqa: F401
import hostile_structure  # noqa: F401
