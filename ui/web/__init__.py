"""The web app: Streamlit pages over the base that is being served. Words of a source are never markup here."""
