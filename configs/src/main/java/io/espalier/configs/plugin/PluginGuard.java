package io.espalier.configs.plugin;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.Rules.BrokenRulesException;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Calls the code of a user's plug-in, so that every failure names plug-in and class: by {@link
 * #around} all methods of an object, which is no way to call it weight by weight.
 */
public record PluginGuard(PluginKind kind, String name, String className) {
  public static PluginGuard of(Plugin plugin) {
    return new PluginGuard(plugin.kind(), plugin.name(), plugin.getClass().getName());
  }

  /**
   * Calls code before a run starts; {@code doing} completes "failed to …".
   *
   * @throws InvalidConfigException the code's own, or one that names plug-in and cause
   */
  public <T> T prepare(String doing, Callable<T> code) {
    try {
      return present(doing, code.call());
    } catch (InvalidConfigException e) {
      throw e;
    } catch (PluginException e) {
      throw refusal(String.valueOf(e.getMessage()), e);
    } catch (BrokenRulesException e) {
      throw new InvalidConfigException(
          e.violations().stream()
              .map(
                  broken ->
                      new Problem(
                          Optional.empty(),
                          kind.path() + "." + broken.field(),
                          broken + ", of " + this))
              .toList());
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      throw refusal(failed(doing, e), e);
    }
  }

  /**
   * Calls code during a run; {@code doing} completes "failed to …".
   *
   * @throws PluginException naming plug-in and cause
   */
  public <T> T run(String doing, Callable<T> code) {
    try {
      return present(doing, code.call());
    } catch (PluginException e) {
      throw e;
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      throw new PluginException(failed(doing, e), e);
    }
  }

  /**
   * Returns an object whose {@link PluginCall}s are intercepted.
   *
   * @param type an interface whose abstract methods are all such calls
   * @param checks has the methods whose arguments or results are checked, which call {@code object}
   */
  public <T> T around(Class<T> type, T object, T checks) {
    return PluginProxy.of(this, type, object, checks);
  }

  /** Returns an object whose {@link PluginCall}s are intercepted and not checked. */
  public <T> T around(Class<T> type, T object) {
    return around(type, object, object);
  }

  /** Whether an object is a user's and intercepted. */
  public static boolean isAround(Object object) {
    return PluginProxy.is(object);
  }

  /** An error for a plug-in that breaks {@code rule}, which completes "must …". */
  public PluginException broken(String rule) {
    return new PluginException(this + " must " + rule);
  }

  /**
   * Copies a plug-in's scores of {@code of}, as errors call it.
   *
   * @throws PluginException unless each is finite
   */
  public void copyScores(float[] given, float[] scores, String of) {
    for (int unit = 0; unit < given.length; unit++) {
      if (!Float.isFinite(given[unit])) {
        throw broken(
            "give each unit a finite score: parameter=%s, unit=%d, score=%s"
                .formatted(of, unit, given[unit]));
      }
      scores[unit] = given[unit] + 0f; // turns -0 into 0, below which it would be ranked
    }
  }

  private String failed(String doing, Throwable cause) {
    if (cause instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return "%s failed to %s: %s".formatted(this, doing, cause);
  }

  private InvalidConfigException refusal(String message, Throwable cause) {
    InvalidConfigException refusal = InvalidConfigException.of(kind.path(), message);
    refusal.initCause(cause);
    return refusal;
  }

  private <T> T present(String doing, T result) {
    if (result == null) {
      throw broken("not give null when asked to " + doing);
    }
    return result;
  }

  @Override
  public String toString() {
    return "%s '%s' (class %s)".formatted(kind.word(), name, className);
  }
}
