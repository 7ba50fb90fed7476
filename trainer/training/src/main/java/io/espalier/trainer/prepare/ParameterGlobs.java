package io.espalier.trainer.prepare;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.ParameterSpec;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;

/** The globs over parameters' names at one key of a recipe. */
final class ParameterGlobs {
  private final List<PathMatcher> matchers;

  private ParameterGlobs(List<PathMatcher> matchers) {
    this.matchers = matchers;
  }

  /**
   * @throws InvalidConfigException if a glob matches none of {@code parameters}
   */
  static ParameterGlobs of(String key, List<String> globs, List<ParameterSpec> parameters) {
    return new ParameterGlobs(globs.stream().map(glob -> matcher(key, glob, parameters)).toList());
  }

  boolean match(ParameterId id) {
    return matchers.stream().anyMatch(matcher -> matches(matcher, id));
  }

  private static PathMatcher matcher(String key, String glob, List<ParameterSpec> parameters) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    if (parameters.stream().noneMatch(parameter -> matches(matcher, parameter.id()))) {
      throw InvalidConfigException.of(
          key,
          "each glob must match a parameter: glob="
              + glob
              + "; parameters are "
              + String.join(", ", parameters.stream().map(each -> each.id().name()).toList()));
    }
    return matcher;
  }

  private static boolean matches(PathMatcher matcher, ParameterId id) {
    return matcher.matches(Path.of(id.name()));
  }
}
