"""A server of one's own: nothing of Azure ML's in it."""

import json
import os

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

app = FastAPI()
with open(os.environ["MODEL_PATH"]) as file:
    GREETINGS = json.load(file)


class Question(BaseModel):
    """What callers send."""

    name: str
    language: str = "en"


@app.get("/live")
@app.get("/ready")
def healthy():
    """Asked by the platform."""
    return {"status": "ok"}


@app.post("/v1/greet")
def greet(question: Question):
    """The scoring route."""
    return {"text": f"{GREETINGS[question.language]}, {question.name}!"}


@app.get("/v1/languages")
def languages():
    """Any other route is reached below the endpoint's address, too."""
    return StreamingResponse((f"{name}\n" for name in GREETINGS), media_type="text/plain")
