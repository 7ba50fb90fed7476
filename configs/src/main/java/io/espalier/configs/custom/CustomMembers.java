package io.espalier.configs.custom;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * The members on the class path, built-in ones first, and errors of unusable ones: a broken member
 * that no recipe names does no harm. Immutable.
 */
public final class CustomMembers {
  /** Gives up a class path that fails at every look-up. */
  private static final int MOST_FAILURES = 100;

  private static final List<CustomMember> BUILT_IN =
      ServiceLoader.load(BuiltInMembers.class, CustomMembers.class.getClassLoader()).stream()
          .<CustomMember>flatMap(family -> family.get().list().stream())
          .toList();

  private final Map<CustomFamily, Map<String, List<CustomMember>>> members =
      new EnumMap<>(CustomFamily.class);
  private final List<String> unusable;

  private CustomMembers(List<CustomMember> members, List<String> unusable) {
    members.forEach(
        member ->
            this.members
                .computeIfAbsent(member.family(), family -> new LinkedHashMap<>())
                .computeIfAbsent(member.name(), name -> new ArrayList<>())
                .add(member));
    this.unusable = List.copyOf(unusable);
  }

  /** Built-in members, and new instances of all that the calling thread's class loader finds. */
  public static CustomMembers installed() {
    List<CustomMember> members = new ArrayList<>(BUILT_IN);
    List<String> unusable = new ArrayList<>();
    Iterator<CustomMember> found = ServiceLoader.load(CustomMember.class).iterator();
    while (unusable.size() < MOST_FAILURES) {
      try {
        if (!found.hasNext()) {
          break;
        }
        take(found.next(), members, unusable);
      } catch (ServiceConfigurationError | LinkageError e) {
        unusable.add(explained(e));
      }
    }
    return new CustomMembers(members, unusable);
  }

  /** Names of a family's members: built-in ones, then those of users in class-path order. */
  public List<String> names(CustomFamily family) {
    return List.copyOf(of(family).keySet());
  }

  public static boolean isBuiltIn(CustomMember member) {
    return BUILT_IN.contains(member);
  }

  /** Members of a family with one name; at most one is valid. */
  public List<CustomMember> named(CustomFamily family, String name) {
    return List.copyOf(of(family).getOrDefault(name, List.of()));
  }

  private Map<String, List<CustomMember>> of(CustomFamily family) {
    return members.getOrDefault(family, Map.of());
  }

  /** Errors of unusable members, each naming its class. */
  public List<String> unusable() {
    return unusable;
  }

  /**
   * Returns the one member of a recipe.
   *
   * @throws InvalidConfigException if there is none, or another one, or it is of another type
   */
  public static <T extends CustomMember> T require(
      CustomFamily family, MemberSettings settings, Class<T> type) {
    return BUILT_IN.stream()
        .filter(member -> member.family() == family && settings.is(member.name()))
        .map(type::cast)
        .findFirst()
        .orElseGet(() -> installed().one(family, settings, type));
  }

  <T extends CustomMember> T one(CustomFamily family, MemberSettings settings, Class<T> type) {
    List<CustomMember> named = named(family, settings.name());
    if (named.size() != 1) {
      throw InvalidConfigException.of(
          family.path(),
          "must name one %s on the class path: kind=%s, found=%s%s"
              .formatted(family.word(), settings.name(), classes(named), unusableNote()));
    }
    if (!type.isInstance(named.get(0))) {
      throw InvalidConfigException.of(
          family.path(),
          "%s must implement %s".formatted(CustomCode.of(named.get(0)), type.getName()));
    }
    return type.cast(named.get(0));
  }

  /** Suffix of errors about unknown names; empty if all members are usable. */
  public String unusableNote() {
    return unusable.isEmpty() ? "" : "; not usable: " + String.join("; ", unusable);
  }

  public static String classes(List<CustomMember> members) {
    return members.stream()
        .map(member -> member.getClass().getName())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static void take(CustomMember member, List<CustomMember> members, List<String> unusable) {
    try {
      Objects.requireNonNull(member.family(), "its family must not be null");
      Objects.requireNonNull(member.keys(), "its keys must not be null");
      KebabCase.require(
          "its name", Objects.requireNonNull(member.name(), "its name must not be null"));
      members.add(member);
    } catch (RuntimeException | LinkageError e) {
      unusable.add(
          "class %s does not describe itself: %s".formatted(member.getClass().getName(), e));
    }
  }

  private static String explained(Error e) {
    String message =
        String.valueOf(e.getMessage()).replace(CustomMember.class.getName() + ": ", "");
    String cause = e.getCause() == null ? "" : ": " + e.getCause();
    return e instanceof ServiceConfigurationError ? message + cause : e.toString();
  }
}
