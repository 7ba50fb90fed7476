package io.espalier.training.run;

import io.espalier.configs.DataConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.RunConfig;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;
import io.espalier.configs.custom.CustomMembers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The libraries that this build was made of, as its build recorded them, and the classes that the
 * user brought.
 */
final class LibraryVersions {
  private static final String RESOURCE = "/io/espalier/training/run/versions.properties";

  private LibraryVersions() {}

  /** Version by library name. */
  static Map<String, String> libraries() {
    try (InputStream stream =
        Objects.requireNonNull(LibraryVersions.class.getResourceAsStream(RESOURCE))) {
      Properties properties = new Properties();
      properties.load(stream);
      Map<String, String> versions = new TreeMap<>();
      properties
          .stringPropertyNames()
          .forEach(name -> versions.put(name, properties.getProperty(name)));
      return versions;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Class and version of each member of the user's that a recipe names, by family and name. */
  static Map<String, String> members(RunConfig config) {
    Map<String, String> versions = new TreeMap<>();
    CustomMembers installed = CustomMembers.installed();
    chosen(config)
        .forEach(
            (family, settings) ->
                installed.named(family, settings.name()).stream()
                    .filter(member -> !CustomMembers.isBuiltIn(member))
                    .forEach(
                        member ->
                            versions.put(family.word() + " " + settings.name(), version(member))));
    return versions;
  }

  private static Map<CustomFamily, MemberSettings> chosen(RunConfig config) {
    Map<CustomFamily, MemberSettings> chosen = new EnumMap<>(CustomFamily.class);
    if (config.data().source() instanceof DataConfig.Custom own) {
      chosen.put(CustomFamily.DATA, own.settings());
    }
    chosen.put(CustomFamily.SCORE, config.prune().score());
    chosen.put(CustomFamily.ALLOCATION, config.prune().allocation());
    chosen.put(CustomFamily.SCHEDULE, config.prune().schedule());
    chosen.put(CustomFamily.REGROWTH, config.prune().regrowth());
    return chosen;
  }

  private static String version(CustomMember member) {
    return member.getClass().getName()
        + Optional.ofNullable(member.getClass().getPackage().getImplementationVersion())
            .map(version -> " " + version)
            .orElse(", unversioned");
  }
}
