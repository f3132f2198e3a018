"""One file a page. Each is run from top to bottom by Streamlit whenever something on it changes."""
