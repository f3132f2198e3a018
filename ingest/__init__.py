"""The way in: source → conversation → utterances → claims → record. Imports only `corpus`."""
