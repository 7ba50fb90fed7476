package io.espalier.configs.recipe;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.file.FileCause;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses HOCON without resolving it, and says where each value comes from. */
final class HoconText {
  private static final String COMMAND_LINE = "command line -D ";
  private static final Pattern PLAIN_OVERRIDE =
      Pattern.compile("([\\w.-]+\\s*=)\\s*([^\"{}\\[\\]$,\\n]*)");
  private static final Pattern RESERVED = Pattern.compile("[:#*?@!&^`+\\\\]|//");
  private static final String PARSER_HINT =
      ", or you may be able to rename the file .properties rather than .conf";
  private static final int SHOWN_CHARACTERS = 80;
  private static final ConfigObject REFERENCE = shipped("reference.conf");

  private HoconText() {}

  /** All defaults: fixed keys as in a recipe, families below {@code defaults}. */
  public static ConfigObject reference() {
    return REFERENCE;
  }

  /** The text of {@link #reference}. */
  public static String referenceText() {
    return Recipes.resource("/io/espalier/configs/reference.conf");
  }

  /** A resource that ships, which may be as long as it is. */
  private static ConfigObject shipped(String name) {
    String text = Recipes.resource("/io/espalier/configs/" + name);
    return parse(name, text, new Includes(name, text, Optional.empty(), new TextBounds(), 0));
  }

  /** A file; {@code bounds} are those of all texts that are read with it. */
  public static ConfigObject file(Path file, TextBounds bounds, int depth) {
    String name = file.toString();
    String text = read(file);
    Optional<Path> folder = Optional.of(file.toAbsolutePath()).map(Path::getParent);
    return parse(name, text, bounds, new Includes(name, text, folder, bounds, depth));
  }

  public static ConfigObject text(String name, String text) {
    return text(name, text, new TextBounds(), 0);
  }

  public static ConfigObject text(String name, String text, TextBounds bounds, int depth) {
    return parse(name, text, bounds, new Includes(name, text, Optional.empty(), bounds, depth));
  }

  /** An override; reserved signs, as in {@code a/*.csv}, need no quotes. */
  public static ConfigObject override(String snippet, TextBounds bounds) {
    Matcher plain = PLAIN_OVERRIDE.matcher(snippet);
    String text =
        plain.matches() && RESERVED.matcher(plain.group(2)).find()
            ? plain.group(1) + ConfigUtil.quoteString(plain.group(2))
            : snippet;
    return text(COMMAND_LINE + snippet, text, bounds, 0);
  }

  private static ConfigObject parse(
      String name, String text, TextBounds bounds, Includes includes) {
    bounds.take(name, text);
    ConfigObject parsed = parse(name, text, includes);
    bounds.order().add(name);
    return parsed;
  }

  private static ConfigObject parse(String name, String text, Includes includes) {
    ConfigParseOptions options =
        ConfigParseOptions.defaults()
            .setOriginDescription(name)
            .setSyntax(ConfigSyntax.CONF)
            .setIncluder(includes);
    try {
      return ConfigFactory.parseString(text, options).root();
    } catch (ConfigException e) {
      throw new InvalidConfigException(List.of(problem(e)));
    } catch (StackOverflowError e) {
      throw TextBounds.tooDeep(name);
    }
  }

  /** A parser's or resolver's complaint as a problem of the recipe. */
  public static Problem problem(ConfigException e) {
    Optional<ConfigOrigin> origin = Optional.ofNullable(e.origin());
    String text = String.valueOf(e.getMessage()).replace(PARSER_HINT, "");
    String prefix = origin.map(place -> place.description() + ": ").orElse("");
    String detail = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    boolean isOverride = prefix.startsWith(COMMAND_LINE);
    return new Problem(
        origin.map(HoconText::place),
        isOverride ? "override" : "recipe",
        isOverride
            ? "override must read key=value: " + detail
            : "recipe must be valid HOCON: " + detail);
  }

  /** The place of a value; of a merged block, of one of its values. */
  public static Optional<String> place(ConfigValue value) {
    if (value.origin().lineNumber() >= 1) {
      return Optional.of(place(value.origin()));
    }
    return keys(value).values().stream()
        .flatMap(inner -> place(inner).stream())
        .min(Comparator.comparing(place -> place.startsWith(COMMAND_LINE)));
  }

  private static String place(ConfigOrigin origin) {
    int line = origin.lineNumber();
    String name = source(origin);
    return line < 1 || name.startsWith(COMMAND_LINE) ? name : name + ":" + line;
  }

  /** The name of the text that a value was written in. */
  public static String source(ConfigOrigin origin) {
    String suffix = ": " + origin.lineNumber();
    String description = origin.description();
    return description.endsWith(suffix)
        ? description.substring(0, description.length() - suffix.length())
        : description;
  }

  public static boolean isOverride(ConfigValue value) {
    return value.origin().description().startsWith(COMMAND_LINE);
  }

  /** The text of a single value as the recipe spells it; empty for lists and blocks. */
  public static Optional<String> scalar(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> Optional.of(value.atKey("value").getString("value"));
      default -> Optional.empty();
    };
  }

  /** The value at a key, unless it is absent or null. */
  public static Optional<ConfigValue> at(ConfigObject object, String key) {
    return Optional.ofNullable(object.get(key))
        .filter(value -> value.valueType() != ConfigValueType.NULL);
  }

  public static ConfigObject keys(ConfigValue value) {
    return value instanceof ConfigObject object ? object : ConfigFactory.empty().root();
  }

  public static String shown(ConfigValue value) {
    String text = value.render(ConfigRenderOptions.concise());
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
  }

  private static String read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(TextBounds.MOST_BYTES + 1);
      if (bytes.length > TextBounds.MOST_BYTES) {
        throw unreadable(file, "recipe must be at most %d bytes".formatted(TextBounds.MOST_BYTES));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IOException e) {
      throw unreadable(file, "recipe must be a readable UTF-8 file: " + FileCause.of(e));
    }
  }

  private static InvalidConfigException unreadable(Path file, String message) {
    return new InvalidConfigException(
        List.of(new Problem(Optional.of(file.toString()), "recipe", message)));
  }
}
