#!/usr/bin/env python3
"""Writes Tests/Fixtures/Statistics/reference.json: what SciPy and statsmodels say of random data.

Needs: pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0
"""
import json
import math
import pathlib

import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

random = np.random.default_rng(20260)


def normal():
    shares = [1e-300, 1e-12, 0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.999999]
    values = [-30.0, -8.0, -1.96, -0.1, 0.0, 0.5, 3.0]
    return {
        "shares": shares, "quantiles": stats.norm.ppf(shares).tolist(),
        "values": values, "cumulative": stats.norm.cdf(values).tolist(),
    }


def wilson():
    cases = [(0, 1), (1, 1), (0, 164), (164, 164), (116, 164), (1, 3), (5000, 9999), (3, 1000000)]
    return [
        {"successes": k, "trials": n, "confidence": c, "interval": proportion_confint(k, n, alpha=1 - c, method="wilson")}
        for k, n in cases for c in (0.8, 0.95, 0.99)
    ]


def pass_rates():
    cases = [(20, 7, 1), (20, 7, 5), (20, 7, 14), (200, 3, 100), (10, 0, 3), (10, 10, 10), (1000, 999, 2)]
    return [
        {"samples": n, "passed": c, "k": k, "atLeastOne": 1 - math.comb(n - c, k) / math.comb(n, k),
         "all": math.comb(c, k) / math.comb(n, k)} for n, c, k in cases
    ]


def exact_mcnemar():
    cases = [(0, 0), (0, 1), (1, 8), (12, 12), (3, 17), (700, 800), (20000, 20300)]
    return [{"first": b, "second": c, "probability": mcnemar([[5, b], [c, 7]], exact=True).pvalue} for b, c in cases]


def holm():
    lists = [[0.04], [0.01, 0.02, 0.03], [0.5, 0.001, 0.001, 0.9], random.random(12).tolist()]
    return [{"given": given, "adjusted": multipletests(given, method="holm")[1].tolist()} for given in lists]


def clustered():
    found = []
    for count, groups in ((12, 4), (300, 40), (50, 50)):
        clusters = random.integers(0, groups, count)
        values = random.random(groups)[clusters] + random.normal(0, 0.3, count)
        names = np.unique(clusters, return_inverse=True)[1]
        fit = sm.OLS(values, np.ones(count)).fit()
        robust = fit.get_robustcov_results("cluster", groups=names, use_correction=True)
        found.append({"values": values.tolist(), "clusters": clusters.tolist(), "mean": float(values.mean()),
                      "standardError": float(robust.bse[0])})
    return found


def bradley_terry():
    found = []
    for count, prior in ((2, 0.0), (4, 0.0), (7, 0.5), (3, 2.0)):
        wins = random.integers(1, 30, (count, count)) * (1 - np.eye(count))
        rows, won, games = [], [], []
        for i in range(count):
            for j in range(i + 1, count):
                row = np.zeros(count)
                row[i], row[j] = 1, -1
                rows.append(row), won.append(wins[i, j]), games.append(wins[i, j] + wins[j, i])
            if prior:
                rows.append(np.eye(count)[i]), won.append(prior), games.append(2 * prior)
        design = np.array(rows) if prior else np.array(rows)[:, 1:]
        outcome = np.column_stack([won, np.array(games) - won])
        fit = sm.GLM(outcome, design, family=sm.families.Binomial()).fit(tol=1e-14, maxiter=200)
        strengths = fit.params if prior else np.concatenate([[0], fit.params])
        found.append({"wins": wins.tolist(), "prior": prior, "strengths": (strengths - strengths.mean()).tolist()})
    return found


def rasch():
    found = []
    for count, tries in ((5, 3), (164, 1), (40, 10)):
        difficulties = random.normal(0, 1.5, count)
        passed = random.binomial(tries, 1 / (1 + np.exp(difficulties - 0.7)))
        outcome = np.column_stack([passed, tries - passed])
        fit = sm.GLM(outcome, np.ones(count), family=sm.families.Binomial(), offset=-difficulties).fit(tol=1e-14)
        found.append({"passed": passed.tolist(), "tries": tries, "difficulties": difficulties.tolist(),
                      "ability": float(fit.params[0]), "standardError": float(fit.bse[0])})
    return found


reference = {
    "normal": normal(), "wilson": wilson(), "passRates": pass_rates(), "mcnemar": exact_mcnemar(), "holm": holm(),
    "clustered": clustered(), "bradleyTerry": bradley_terry(), "rasch": rasch(),
}
folder = pathlib.Path(__file__).parent.parent / "Tests/Fixtures/Statistics"
folder.mkdir(parents=True, exist_ok=True)
(folder / "reference.json").write_text(json.dumps(reference, indent=None, separators=(",", ":")) + "\n")
