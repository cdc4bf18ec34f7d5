# Each target is one thin line; the work is in .house (standard library only) and in the `organizer` command.
# `make run PORT=9000`, `make run TLS=1`, `make test ARGS="tests/people -k sign_in"`, `make setup PYTHON=python3.13`.
PYTHON ?= $(or $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done),python3)
CHORES := setup run test lint fmt bench bench-long torture screenshots wheel lock clean

.PHONY: help $(CHORES)

help:
	@$(PYTHON) .house --help

$(CHORES):
	@$(PYTHON) .house $@ $(ARGS)

# What is known of names, as the door's phone reads it.
.PHONY: names
names:
	$(PYTHON) -m organizer.domain.names_data > static/js/door/names-data.js

# The one stylesheet of every page, from its layers, in this order.
.PHONY: css
css:
	cd static/css/layers && cat tokens.css base.css layout.css buttons.css pieces.css people.css figures.css forms.css rounds.css print.css > ../app.css
