"""Which fields of a file name somebody, a moment or a place, whatever their words look like.

An owner called "Rose Hill" is two ordinary words to the anonymizer; the field says that it is a name.
"""

from hotline.domain.identity import Label

# Endings of field names as EXIF, XMP, IPTC, PDF and OOXML write them, in lower case.
_BY_ENDING = (
    (Label.PERSON, ("artist", "author", "authors", "creator", "owner", "ownername", "cameraownername", "by-line", "byline", "writer", "copyright", "credit", "lastmodifiedby", "lastprinter", "initial-creator", "creatorcontactinfo", "photographer", "manager", "initials", "xpauthor", "rights", "personinimage", "contact", "people", "hostcomputer", "caption writer", "object_creator", "editor")),
    (Label.OTHER_ID, ("serialnumber", "bodyserialnumber", "lensserialnumber", "imageuniqueid", "documentid", "instanceid", "originaldocumentid", "cameraserialnumber", "uniqueid", "imagenumber", "identifier")),
    (Label.DATE, ("date", "datetime", "datetimeoriginal", "datetimedigitized", "creationdate", "moddate", "createdate", "modifydate", "metadatadate", "datecreated", "created", "modified", "lastprinted", "gpsdatestamp", "gpstimestamp", "creation-date", "print-date", "when", "time", "subsectime", "subsectimeoriginal", "subsectimedigitized", "offsettime", "offsettimeoriginal", "offsettimedigitized", "timecreated")),
    (Label.PLACE, ("city", "location", "sublocation", "sub-location", "state", "province", "province-state", "country", "countrycode", "country-name", "locationcreated", "locationshown")),
    (Label.ADDRESS, ("gps", "gpslatitude", "gpslongitude", "gpsposition", "gpsaltitude", "gpsareainformation", "gpsdestlatitude", "gpsdestlongitude", "gpscoordinates")),
    (Label.VENUE, ("company", "organization", "organisation")),
    (Label.EMAIL, ("email", "ciemailwork")),
    (Label.PHONE, ("phone", "citelwork")),
    (Label.URL, ("baseurl", "hyperlinkbase")),
)  # fmt: skip
_LABELS = {ending: label for label, endings in _BY_ENDING for ending in endings}


def label_of(field: str) -> Label | None:
    """Return what the value of *field* is by its name (``dc:creator``, ``Exif.Photo.BodySerialNumber``, ``/Author``)."""
    name = field.lower().strip("/ ")
    last = name.replace("}", ":").replace(".", ":").rpartition(":")[2].replace(" ", "")
    return _LABELS.get(name) or _LABELS.get(last) or (Label.ADDRESS if "gps" in last else None)
