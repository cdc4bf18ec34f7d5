/* Nobody types the PIN: after a minute the tablet is the reception again. */
setTimeout(() => location.replace(document.getElementById("main").dataset.back), 60_000);
