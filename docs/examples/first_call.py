"""Generate the pet store's SDK and call it, against a small server that this program starts."""

import json
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

SPEC = Path(__file__).parents[2] / "sample_specs" / "pet_store.yaml"


class PetShop(BaseHTTPRequestHandler):
    """A shop with one pet."""

    def do_GET(self) -> None:
        found = self.path == "/pets/7" and self.headers["X-API-Key"] == "visitor"
        rex = {"id": 7, "name": "Rex", "kind": "dog"}
        problem = {"title": "Not found", "detail": f"There is nothing at {self.path}."}
        content = json.dumps(rex if found else problem).encode()
        self.send_response(200 if found else 404)
        media_type = "application/json" if found else "application/problem+json"
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """The program tells what happens."""


def main() -> None:
    folder = Path(tempfile.mkdtemp()) / "pet-store"
    command = [sys.executable, "-m", "clientgen", "generate", str(SPEC), "-o", str(folder)]
    subprocess.run(command, check=True)
    sys.path.insert(0, str(folder / "src"))  # instead of `pip install ./pet-store`

    from pet_store import NotFoundError, PetStore

    server = HTTPServer(("127.0.0.1", 0), PetShop)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"

    with PetStore(base_url=url, api_key="visitor") as client:
        pet = client.pets.retrieve(7)
        print(f"Pet 7 is {pet.name}, a {pet.kind}.")
        try:
            client.pets.retrieve(8)
        except NotFoundError as error:
            print(f"Pet 8: {error.status_code}, {error.body}")
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    main()
