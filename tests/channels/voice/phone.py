"""A phone of somebody, in a call to a whole hotline as the provider lets it happen."""

from xml.etree import ElementTree

from hotline.channels.twilio.twiml_rules import faults
from tests.cast import MARIA, new_sid, signed_for
from tests.house import ACCOUNT, ORIGIN, SMS_LINE

DOOR = f"{ORIGIN}/twilio/voice"


class Phone:
    """*last* are the bytes of the document that was answered last, *root* is it."""

    def __init__(self, house, sender=MARIA, line=SMS_LINE):
        self.house, self.call, self.recording = house, new_sid("CA"), new_sid("RE")
        self.fields = {
            "AccountSid": ACCOUNT,
            "CallSid": self.call,
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "From": sender,
            "To": line,
        }
        self.last, self.root = b"", None

    def posts(self, address, **changes):
        """Post to *address*, and remember the document that comes back."""
        fields = {**self.fields, **changes}
        path = address.partition("#")[0].removeprefix(ORIGIN)
        response = self.house.app.test_client().post(
            path, data=fields, headers=signed_for(ORIGIN + path, fields)
        )
        assert response.status_code in (200, 204)
        if response.status_code == 200:
            assert faults(response.data) == []
            self.last, self.root = response.data, ElementTree.fromstring(response.data)
        return response

    def dials(self):
        return self.posts(DOOR, CallStatus="ringing")

    def presses(self, *keys):
        for one in keys:
            self.house.clock.passes(seconds=2)
            self.posts(self.root.find("Gather").get("action"), Digits=one)

    def speaks(self, seconds="12", **changes):
        """Come back from the recording that the document asked for."""
        told = {"RecordingSid": self.recording, "RecordingDuration": seconds, "Digits": "#"}
        return self.posts(self.root.find("Record").get("action"), **told | changes)

    def is_told_of(self, status="completed", **changes):
        """Let the provider tell what became of the recording."""
        told = {"RecordingSid": self.recording, "RecordingStatus": status}
        return self.posts(f"{DOOR}/recording", **told | {"RecordingDuration": "12"} | changes)

    def hangs_up(self):
        return self.posts(f"{DOOR}/status", CallStatus="completed")
