# The front door. `make help` lists what there is; CI runs the same targets.
PYTHON ?= python3
VENV := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help run test check fmt bench forms messages lock charts proofs screenshots clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: ## Set everything up and serve on http://localhost:8000 (PORT, DATABASE_URL, REDIS_URL change that)
	@$(PYTHON) -m ops.run

test: ## Set up what is missing and run every check and test
	@$(PYTHON) -m ops.testrun

check: ## Only the static checks: style, types, layers, templates, migrations, charts, proofs
	@$(PYTHON) -m ops.testrun check

fmt: ## Format the code
	@$(VENV)/ruff format -q . ; $(VENV)/ruff check --fix .

bench: ## Measure pages and the sweep at 100,000 tickets on a PostgreSQL of its own (ARGS="--tickets 5000")
	@$(PYTHON) -m ops.bench $(ARGS)

forms: ## Print every form in every state with sample data into var/forms, as PDF and pictures (ARGS="Serv103")
	@$(VENV)/python -m ops.forms $(ARGS)

messages: ## Collect the texts to translate into locale/
	@$(VENV)/python manage.py makemessages -l zh_Hans --no-location --no-wrap -i "node_modules/*" -i "var/*" -i ".venv/*" -i "tests/*"

lock: ## Pin all packages, with hashes
	@$(VENV)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" requirements.in -o requirements.txt
	@$(VENV)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" requirements-dev.in -c requirements.txt -o requirements-dev.txt

charts: ## Draw the state charts of all processes into docs/flows
	@$(VENV)/python manage.py draw_flows

proofs: ## Gather which tests prove which rule of the handbook
	@$(VENV)/python -m ops.proofs

screenshots: ## Take the README's pictures from a running demonstration (make run)
	@$(VENV)/python -m ops.screenshots

clean: ## Remove everything that was made, demonstration data included
	@rm -rf .venv var node_modules .import_linter_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} + ; find locale -name "*.mo" -delete
