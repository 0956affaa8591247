# Short names for the same commands. Everything real is in manage.py and the package.
.PHONY: demo test check law locks

demo: ; python3 manage.py demo $(ARGS)
test: ; python3 manage.py test $(ARGS)
check: ; python3 manage.py check $(ARGS)
law: ; python3 manage.py test tests/law $(ARGS)

# For whoever changes a dependency: hashes, no addresses, pins kept unless asked (ARGS=--upgrade).
UV = uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate pyproject.toml
locks:
	$(UV) $(ARGS) --extra web -o locks/run.txt
	$(UV) $(ARGS) -c locks/run.txt -o locks/study.txt
	$(UV) $(ARGS) --extra web --extra engines --group test -c locks/run.txt -c locks/study.txt -o locks/test.txt
	$(UV) $(ARGS) --extra engines --group spark -c locks/test.txt -o locks/spark.txt
	$(UV) $(ARGS) --extra engines --group bench -c locks/test.txt -o locks/bench.txt
	npm install --package-lock-only
