"""The pages and what is around them."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent

st.set_page_config(page_title="Crosstalk", page_icon=HERE / "icon.png", layout="centered")
st.html(HERE / "style.css")
st.logo(HERE / "wordmark.svg", icon_image=HERE / "icon.png", size="large")
page = st.navigation(
    [
        st.Page(HERE / "views" / "search.py", title="Search", icon=":material/search:", default=True),
        st.Page(HERE / "views" / "mismatches.py", title="Mismatches", icon=":material/forum:", url_path="mismatches"),
        st.Page(HERE / "views" / "terms.py", title="Terms", icon=":material/match_word:", url_path="terms"),
        st.Page(HERE / "views" / "people.py", title="People", icon=":material/groups:", url_path="people"),
        st.Page(HERE / "views" / "check.py", title="Check a draft", icon=":material/fact_check:", url_path="check"),
        st.Page(HERE / "views" / "clusters.py", title="Clusters", icon=":material/hub:", url_path="clusters"),
        st.Page(HERE / "views" / "thread.py", title="Thread", url_path="thread", visibility="hidden"),
    ],
    position="top",
)
page.run()
