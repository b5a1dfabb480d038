"""Archives: zip, 7z, rar, tar and its packings, nested, hostile or broken, as members with digests."""

from extractors.archives.kinds import could_be_archive
from extractors.archives.member import ArchiveLimits, Member
from extractors.archives.unpack import unpack

__all__ = ["ArchiveLimits", "Member", "could_be_archive", "unpack"]
