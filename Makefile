# 勾稽 gouji：make help 列出全部命令。
# Everything runs in .venv, which tools/setup_env.py makes, repairs and keeps up to date.

.DEFAULT_GOAL := help
.PHONY: help run test check bench bench-audit fixtures formats patterns clean env env-dev env-bench
SHELL := /bin/sh

IN ?= fixtures/district
OUT ?= out
PYTHON ?=
ARGS ?=
# Passed through the environment: names may hold spaces, quotes and full-width brackets.
export IN OUT PYTHON

BIN := .venv/bin
SETUP = python="$$(tools/find_python.sh "$$PYTHON")" && "$$python" tools/setup_env.py $(if $(PYTHON),--this-python)

help: ## 列出全部命令
	@echo '用法：make 命令 [IN=报送文件夹] [OUT=结果文件夹] [PYTHON=解释器] [ARGS=其他参数]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: env ## 读取、核对 IN 文件夹里的报告，结果写入 OUT（默认 fixtures/district → out）
	@$(BIN)/gouji run "$$IN" -o "$$OUT" $(ARGS)

test: env-dev ## 运行全部测试（只跑一部分：make test ARGS=tests/locate）
	@$(BIN)/python -m pytest -n auto $(ARGS)

check: env-dev ## 检查代码：ruff、mypy、import-linter
	@failed=; \
	$(BIN)/ruff check . || failed="$$failed ruff"; \
	$(BIN)/ruff format --check . || failed="$$failed 格式"; \
	$(BIN)/mypy || failed="$$failed mypy"; \
	$(BIN)/lint-imports || failed="$$failed import-linter"; \
	[ -z "$$failed" ] || { echo "没有通过：$$failed" >&2; exit 1; }

bench: env-bench ## 运行 benchmarks/ 里的速度对比（只跑一个：make bench ARGS='benchmarks/bench_batch.py 100'）
	@set -e; for call in $(if $(ARGS),"$(ARGS)",benchmarks/bench_*.py); do echo "== $$call"; $(BIN)/python $$call; done

bench-audit: env-dev ## 核查能力测试：在示例报告中植入错误，看查出多少、原因说对多少，并与已发表的算法对比
	@$(BIN)/python benchmarks/bench_audit.py $(ARGS)

fixtures: env-dev ## 重新生成 fixtures/ 里的示例报告和标准答案
	@$(BIN)/python fixtures/build

formats: env-dev ## 用 LibreOffice 把示例区县的 .docx 转成 .doc .odt .pdf .rtf（示例报告改动以后才需要）
	@cd fixtures/build && ../../$(BIN)/python -m formats

patterns: env ## 检查 patterns/ 里的表式和规则，并运行其中的例子
	@$(BIN)/gouji patterns check patterns

clean: ## 删除 .venv，下次运行时重新安装
	@rm -rf .venv

env:
	@$(SETUP)

env-dev:
	@$(SETUP) --extra dev

env-bench:
	@$(SETUP) --extra dev --extra bench
