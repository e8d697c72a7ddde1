"""What ends when: remnants that nobody needs any more are swept away."""

from hotline.retention.sweep import sweep

__all__ = ["sweep"]
