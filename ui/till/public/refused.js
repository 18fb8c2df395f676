// Shows the sentence that the program put into the address.
document.getElementById("why").textContent = new URLSearchParams(location.search).get("why") ?? "";
