package io.espalier.configs.plugin;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The plug-ins on the class path, built-in ones first, and errors of unusable ones: a broken
 * plug-in that no recipe names does no harm. Immutable.
 */
public final class PluginRegistry {
  private static final String SERVICE = "META-INF/services/" + Plugin.class.getName();
  private static final String FORMER_SERVICE =
      "META-INF/services/io.espalier.configs.custom.CustomMember";

  /** Gives up a class path that fails at every look-up. */
  private static final int MOST_FAILURES = 100;

  private static final List<Plugin> BUILT_IN =
      ServiceLoader.load(BuiltInPlugins.class, PluginRegistry.class.getClassLoader()).stream()
          .<Plugin>flatMap(plugins -> plugins.get().list().stream())
          .toList();

  private final Map<PluginKind, Map<String, List<Plugin>>> plugins =
      new EnumMap<>(PluginKind.class);
  private final List<String> unusable;

  private PluginRegistry(List<Plugin> plugins, List<String> unusable) {
    plugins.forEach(
        plugin ->
            this.plugins
                .computeIfAbsent(plugin.kind(), kind -> new LinkedHashMap<>())
                .computeIfAbsent(plugin.name(), name -> new ArrayList<>())
                .add(plugin));
    this.unusable = List.copyOf(unusable);
  }

  /** Built-in plug-ins, and new instances of all that the calling thread's class loader finds. */
  public static PluginRegistry installed() {
    List<Plugin> plugins = new ArrayList<>(BUILT_IN);
    List<String> unusable = new ArrayList<>();
    Iterator<Plugin> found = ServiceLoader.load(Plugin.class).iterator();
    addFormer(unusable);
    while (unusable.size() < MOST_FAILURES) {
      try {
        if (!found.hasNext()) {
          break;
        }
        take(found.next(), plugins, unusable);
      } catch (ServiceConfigurationError | LinkageError e) {
        unusable.add(explained(e));
      }
    }
    return new PluginRegistry(plugins, unusable);
  }

  /** Names of the plug-ins of a kind: built-in ones, then those of users in class-path order. */
  public List<String> names(PluginKind kind) {
    return List.copyOf(of(kind).keySet());
  }

  public static boolean isBuiltIn(Plugin plugin) {
    return BUILT_IN.contains(plugin);
  }

  /** Whether the member that a recipe names is built in. */
  public static boolean isBuiltIn(PluginKind kind, MemberSettings settings) {
    return builtIn(kind, settings).isPresent();
  }

  private static Optional<Plugin> builtIn(PluginKind kind, MemberSettings settings) {
    return BUILT_IN.stream()
        .filter(plugin -> plugin.kind() == kind && settings.is(plugin.name()))
        .findFirst();
  }

  /** Plug-ins of a kind with one name; at most one is valid. */
  public List<Plugin> named(PluginKind kind, String name) {
    return List.copyOf(of(kind).getOrDefault(name, List.of()));
  }

  private Map<String, List<Plugin>> of(PluginKind kind) {
    return plugins.getOrDefault(kind, Map.of());
  }

  /** Errors of unusable plug-ins, each naming its class. */
  public List<String> unusable() {
    return unusable;
  }

  /**
   * Returns the one plug-in of a recipe.
   *
   * @throws InvalidConfigException if there is none, or another one, or it is of another type
   */
  public static <T extends Plugin> T require(
      PluginKind kind, MemberSettings settings, Class<T> type) {
    return builtIn(kind, settings)
        .<T>map(type::cast)
        .orElseGet(() -> installed().one(kind, settings, type));
  }

  /**
   * Creates the object of a recipe's one plug-in; a user's is checked.
   *
   * @param checks puts checks around the object of a user's plug-in
   * @throws InvalidConfigException as {@link #require} does, or naming the plug-in that failed
   */
  public static <P extends Plugin, T> T create(
      PluginKind kind,
      MemberSettings settings,
      Class<P> type,
      Function<P, T> creation,
      BiFunction<PluginGuard, T, T> checks) {
    P plugin = require(kind, settings, type);
    if (isBuiltIn(plugin)) {
      return creation.apply(plugin);
    }
    PluginGuard guard = PluginGuard.of(plugin);
    return checks.apply(guard, guard.prepare("be created", () -> creation.apply(plugin)));
  }

  <T extends Plugin> T one(PluginKind kind, MemberSettings settings, Class<T> type) {
    List<Plugin> named = named(kind, settings.name());
    if (named.size() != 1) {
      throw InvalidConfigException.of(
          kind.path(),
          "must name one %s on the class path: kind=%s, found=%s%s"
              .formatted(kind.word(), settings.name(), classes(named), unusableNote()));
    }
    if (!type.isInstance(named.get(0))) {
      throw InvalidConfigException.of(
          kind.path(),
          "%s must implement %s".formatted(PluginGuard.of(named.get(0)), type.getName()));
    }
    return type.cast(named.get(0));
  }

  /** Suffix of errors about unknown names; empty if all plug-ins are usable. */
  public String unusableNote() {
    return unusable.isEmpty() ? "" : "; not usable: " + String.join("; ", unusable);
  }

  public static String classes(List<Plugin> plugins) {
    return plugins.stream()
        .map(plugin -> plugin.getClass().getName())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static void take(Plugin plugin, List<Plugin> plugins, List<String> unusable) {
    try {
      Objects.requireNonNull(plugin.kind(), "its kind must not be null");
      Objects.requireNonNull(plugin.keys(), "its keys must not be null");
      KebabCase.require(
          "its name", Objects.requireNonNull(plugin.name(), "its name must not be null"));
      plugins.add(plugin);
    } catch (RuntimeException | LinkageError e) {
      unusable.add(
          "class %s does not describe itself: %s".formatted(plugin.getClass().getName(), e));
    }
  }

  /** Adds an error where the class path lists plug-ins as the version before read them. */
  private static void addFormer(List<String> unusable) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    if (loader != null && loader.getResource(FORMER_SERVICE) != null) {
      unusable.add(
          "plug-ins listed in %s, which are of an earlier version: compile them against this one and list them in %s"
              .formatted(FORMER_SERVICE, SERVICE));
    }
  }

  private static String explained(Error e) {
    String message = String.valueOf(e.getMessage()).replace(Plugin.class.getName() + ": ", "");
    String cause = e.getCause() == null ? "" : ": " + e.getCause();
    return e instanceof ServiceConfigurationError ? message + cause : e.toString();
  }
}
