package io.espalier.service.api;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.Rules.BrokenRulesException;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.http.Problem;
import io.espalier.service.http.Problem.BrokenRule;
import io.espalier.service.http.ProblemKind;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

final class ServiceProblems {
  private static final Pattern LINE = Pattern.compile(":(\\d{1,9})$");

  private ServiceProblems() {}

  static Problem of(Throwable failure) {
    Throwable cause = Problem.cause(failure);
    if (cause instanceof RefusedRequestException refused && refused.quota().isPresent()) {
      return Problem.of(refused.quota().get());
    }
    if (cause instanceof RefusedRequestException refused) {
      // The names of the reasons are those of their kinds.
      return Problem.of(
          ProblemKind.valueOf(refused.reason().name()), String.valueOf(refused.getMessage()));
    }
    if (cause instanceof InvalidConfigException invalid) {
      return recipe(invalid.problems().stream().map(ServiceProblems::rule).toList());
    }
    if (cause instanceof BrokenRulesException broken) {
      return recipe(
          broken.violations().stream()
              .map(each -> new BrokenRule(each.field(), OptionalInt.empty(), each.toString()))
              .toList());
    }
    return Problem.of(cause);
  }

  private static Problem recipe(List<BrokenRule> rules) {
    String detail =
        rules.size() == 1
            ? rules.get(0).path() + ": " + rules.get(0).message()
            : "%d rules are broken; problems has each".formatted(rules.size());
    return new Problem(ProblemKind.INVALID_RECIPE, detail, rules);
  }

  private static BrokenRule rule(InvalidConfigException.Problem problem) {
    Matcher line = LINE.matcher(problem.origin().orElse(""));
    return new BrokenRule(
        problem.path(),
        line.find() ? OptionalInt.of(Integer.parseInt(line.group(1))) : OptionalInt.empty(),
        problem.message());
  }
}
