package io.espalier.configs.plugin;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The keys of a member, each with its type and its default.
 *
 * @param renamed former name → name of keys that recipes may still call by their former name
 */
public record PluginKeys(List<Key> list, Map<String, String> renamed) {
  public static final PluginKeys NONE = new PluginKeys(List.of(), Map.of());

  public enum Type {
    TEXT(String.class),
    /** A choice: lower-case words joined by hyphens, which recipes hold without quotes. */
    NAME(String.class),
    WHOLE(Integer.class),
    NUMBER(Double.class),
    /** 5% or 0.05. */
    SHARE(Double.class),
    FLAG(Boolean.class),
    SPAN(Span.class),
    /** A span or none; resolved recipes have it only where the recipe does. */
    OPTIONAL_SPAN(Optional.class),
    /** Relative paths start at the current directory. */
    PATH(Path.class);

    private final Class<?> javaType;

    Type(Class<?> javaType) {
      this.javaType = javaType;
    }

    /** The type of the value in {@link io.espalier.configs.MemberSettings}. */
    public Class<?> javaType() {
      return javaType;
    }
  }

  /**
   * One key; without a default it is required, and {@code meaning} completes the error if it is
   * left out.
   */
  public record Key(String name, Type type, Optional<Object> standard, String meaning) {
    public Key {
      KebabCase.require("a key's name", name);
      if (name.equals("kind")) {
        throw new IllegalArgumentException("a key must not be kind, which is the member's name");
      }
      if (standard.isPresent() && !isPrintable(type, standard.get())) {
        throw new IllegalArgumentException(
            "a default must be a finite value of the key's type: key=%s, default=%s"
                .formatted(name, standard.get()));
      }
    }

    private static boolean isPrintable(Type type, Object value) {
      return type.javaType().isInstance(value)
          && !(value instanceof Double number && !Double.isFinite(number))
          && !(value instanceof Optional<?> some
              && some.filter(v -> !(v instanceof Span)).isPresent());
    }
  }

  public PluginKeys {
    list = List.copyOf(list);
    renamed = Map.copyOf(renamed);
    List<String> names = list.stream().map(Key::name).toList();
    if (Set.copyOf(names).size() < names.size()) {
      throw new IllegalArgumentException("each key must be declared once: keys=" + names);
    }
    if (!names.containsAll(renamed.values()) || names.stream().anyMatch(renamed::containsKey)) {
      throw new IllegalArgumentException(
          "a renamed key must be declared by its new name alone: keys=%s, renamed=%s"
              .formatted(names, renamed));
    }
  }

  /** The settings of a recipe that gives the name only; empty where a key is required. */
  public Optional<MemberSettings> standard(String member) {
    MemberSettings settings = MemberSettings.of(member);
    for (Key key : list) {
      if (key.standard().isEmpty()) {
        return Optional.empty();
      }
      settings = settings.with(key.name(), key.standard().get());
    }
    return Optional.of(settings);
  }

  public PluginKeys text(String name, String standard) {
    return with(name, Type.TEXT, standard);
  }

  public PluginKeys name(String name, String standard) {
    return with(name, Type.NAME, standard);
  }

  public PluginKeys whole(String name, int standard) {
    return with(name, Type.WHOLE, standard);
  }

  public PluginKeys number(String name, double standard) {
    return with(name, Type.NUMBER, standard);
  }

  public PluginKeys share(String name, double standard) {
    return with(name, Type.SHARE, standard);
  }

  public PluginKeys flag(String name, boolean standard) {
    return with(name, Type.FLAG, standard);
  }

  public PluginKeys span(String name, Span standard) {
    return with(name, Type.SPAN, standard);
  }

  /** A span that is none by default. */
  public PluginKeys optionalSpan(String name) {
    return with(name, Type.OPTIONAL_SPAN, Optional.empty());
  }

  public PluginKeys path(String name, Path standard) {
    return with(name, Type.PATH, standard.toAbsolutePath().normalize());
  }

  public PluginKeys required(String name, Type type, String meaning) {
    return and(new Key(name, type, Optional.empty(), meaning));
  }

  /**
   * Lets recipes call a key by its former name too, with a notice, for the version that renames it.
   */
  public PluginKeys renamed(String from, String to) {
    Map<String, String> more = new TreeMap<>(renamed);
    more.put(from, to);
    return new PluginKeys(list, more);
  }

  private PluginKeys with(String name, Type type, Object standard) {
    return and(new Key(name, type, Optional.of(standard), ""));
  }

  private PluginKeys and(Key key) {
    List<Key> more = new ArrayList<>(list);
    more.add(key);
    return new PluginKeys(more, renamed);
  }
}
