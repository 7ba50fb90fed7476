package io.espalier.configs.plugin;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Parts of Espalier that a module of its own provides, found by {@link ServiceLoader}, so that a
 * program without the module lacks the part and nothing else.
 */
public final class ModuleParts {
  private ModuleParts() {}

  /** Returns the first part of a type; empty where no module on the class path provides it. */
  public static <T> Optional<T> find(Class<T> type) {
    return ServiceLoader.load(type, type.getClassLoader()).findFirst();
  }

  /**
   * Returns the first part of a type.
   *
   * @param part its name in the message
   * @param module the artifact that provides it
   * @throws MissingModuleException if no module on the class path provides it
   */
  public static <T> T require(Class<T> type, String part, String module) {
    return find(type).orElseThrow(() -> missing(part, module));
  }

  /** Says what the class path lacks. */
  public static MissingModuleException missing(String part, String module) {
    return new MissingModuleException(
        "the class path must have what provides %s: missing=io.espalier:%s; add that module, or take espalier.jar, which has it"
            .formatted(part, module));
  }
}
