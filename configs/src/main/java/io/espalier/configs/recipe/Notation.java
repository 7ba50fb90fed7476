package io.espalier.configs.recipe;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.espalier.configs.Span;
import io.espalier.configs.TableConfig;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a recipe writes one type of value.
 *
 * @param rule what is allowed; completes "must be …"
 * @param parser throws {@link IllegalArgumentException} or {@link ArithmeticException} on anything
 *     else
 * @param printer writes a HOCON token that parses back to an equal value
 */
record Notation<T>(String rule, Function<ConfigValue, T> parser, Function<T, String> printer) {
  private static final Pattern SPAN = Pattern.compile("(.*?)\\s*(%|epochs?)?");
  private static final Pattern FILE_NAME = Pattern.compile("\\w[\\w.-]{0,99}(?<!\\.gz)");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final String SPAN_RULE =
      "steps such as 100, epochs such as \"2 epochs\" or a share of the run such as 10%";

  public static final Notation<String> TEXT =
      ofScalar("text", text -> text, ConfigUtil::quoteString);

  public static final Notation<String> NAME =
      ofScalar("lower-case words joined by hyphens", Notation::name, text -> text);

  public static final Notation<Boolean> FLAG =
      ofScalar("true or false", Notation::flag, String::valueOf);

  public static final Notation<Integer> WHOLE =
      ofScalar("a whole number", text -> new BigDecimal(text).intValueExact(), String::valueOf);

  public static final Notation<Optional<Integer>> AUTO_OR_WHOLE =
      ofScalar(
          "auto, or a whole number",
          text ->
              text.equals("auto")
                  ? Optional.empty()
                  : Optional.of(new BigDecimal(text).intValueExact()),
          number -> number.map(String::valueOf).orElse("auto"));

  public static final Notation<Long> LONG =
      ofScalar("a whole number", text -> new BigDecimal(text).longValueExact(), String::valueOf);

  public static final Notation<Double> REAL =
      ofScalar("a number", text -> real(new BigDecimal(text)), String::valueOf);

  public static final Notation<Optional<Double>> OPTIONAL_REAL =
      ofScalar(
          "a number, or none",
          text -> text.equals("none") ? Optional.empty() : Optional.of(real(new BigDecimal(text))),
          number -> number.map(String::valueOf).orElse("none"));

  public static final Notation<Double> SHARE =
      ofScalar("a share such as 5% or 0.05", Notation::share, String::valueOf);

  public static final Notation<Span> SPAN_OF_RUN =
      ofScalar(SPAN_RULE, Notation::span, Notation::print);

  public static final Notation<Optional<Span>> OPTIONAL_SPAN =
      ofScalar(
          SPAN_RULE + ", or none",
          text -> text.equals("none") ? Optional.empty() : Optional.of(span(text)),
          span -> span.map(Notation::print).orElse("none"));

  public static final Notation<Duration> DURATION =
      new Notation<>("a duration with its unit, such as 30s", Notation::duration, Notation::print);

  /** Relative paths start at the current directory. */
  public static final Notation<Path> PATH =
      ofScalar("a path", Notation::path, path -> ConfigUtil.quoteString(path.toString()));

  /** The address of a folder; it ends with a slash. */
  public static final Notation<URI> URL =
      ofScalar(
          "the address of a folder, such as https://host/folder/",
          Notation::url,
          url -> ConfigUtil.quoteString(url.toString()));

  /** The sign between the cells of a table; empty if it is to be found. */
  public static final Notation<Optional<Character>> SEPARATOR =
      ofScalar(
          "auto, or one of \",\", \";\", \"|\" and tab",
          Notation::separator,
          sign -> sign.map(Notation::shown).orElse("auto"));

  public static final Notation<TableConfig.Header> HEADER =
      ofScalar(
          "auto, yes or no", Notation::header, header -> header.name().toLowerCase(Locale.ROOT));

  public static final Notation<Map<String, String>> DIGESTS =
      new Notation<>(
          "names of unpacked files, in quotes, each with 64 hexadecimal digits",
          Notation::digests,
          Notation::print);

  /** A block of texts by name; a name with dots may be written with or without quotes. */
  public static final Notation<Map<String, String>> TEXT_BY_NAME =
      new Notation<>("a block of name = text", Notation::texts, Notation::print);

  public T parse(ConfigValue value) {
    return parser.apply(value);
  }

  public String print(T value) {
    return printer.apply(value);
  }

  public Notation<List<T>> list() {
    return new Notation<>(
        "a list, each item " + rule,
        value -> {
          if (value instanceof ConfigList items) {
            return items.stream().map(this::parse).toList();
          }
          throw new IllegalArgumentException("no list");
        },
        items -> items.stream().map(this::print).toList().toString());
  }

  public Notation<List<T>> oneOrMore() {
    Notation<List<T>> several = list();
    return new Notation<>(
        rule + ", or " + several.rule,
        value -> value instanceof ConfigList ? several.parse(value) : List.of(parse(value)),
        items -> items.size() == 1 ? print(items.get(0)) : several.print(items));
  }

  /** A value without brackets or braces. */
  public static <T> Notation<T> ofScalar(
      String rule, Function<String, T> parser, Function<T, String> printer) {
    return new Notation<>(
        rule,
        value ->
            parser.apply(
                HoconText.scalar(value)
                    .orElseThrow(() -> new IllegalArgumentException("no single value"))),
        printer);
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither");
    };
  }

  private static Optional<Character> separator(String text) {
    return switch (text) {
      case "auto" -> Optional.empty();
      case ",", ";", "|", "\t" -> Optional.of(text.charAt(0));
      case "tab" -> Optional.of('\t');
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static String shown(char separator) {
    return separator == '\t' ? "tab" : ConfigUtil.quoteString(String.valueOf(separator));
  }

  private static TableConfig.Header header(String text) {
    return switch (text) {
      case "auto" -> TableConfig.Header.AUTO;
      case "yes", "true" -> TableConfig.Header.YES;
      case "no", "false" -> TableConfig.Header.NO;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Map<String, String> texts(ConfigValue value) {
    if (!(value instanceof ConfigObject block)) {
      throw new IllegalArgumentException("no block");
    }
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : block.toConfig().entrySet()) {
      texts.put(
          String.join(".", ConfigUtil.splitPath(entry.getKey())), TEXT.parse(entry.getValue()));
    }
    return texts;
  }

  private static String name(String text) {
    if (!text.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*")) {
      throw new IllegalArgumentException("not a name");
    }
    return text;
  }

  private static double share(String text) {
    return text.endsWith("%")
        ? real(new BigDecimal(text.substring(0, text.length() - 1).strip()).movePointLeft(2))
        : real(new BigDecimal(text));
  }

  private static double real(BigDecimal number) {
    double value = number.doubleValue();
    if (!Double.isFinite(value)) {
      throw new ArithmeticException("too large for a double");
    }
    return value;
  }

  private static Span span(String text) {
    Matcher matcher = SPAN.matcher(text);
    if (!matcher.matches()) {
      throw new NumberFormatException(text);
    }
    BigDecimal count = new BigDecimal(matcher.group(1));
    return switch (Optional.ofNullable(matcher.group(2)).orElse("")) {
      case "" -> new Span.Steps(count.longValueExact());
      case "%" -> new Span.Percent(count.doubleValue());
      default -> new Span.Epochs(count.doubleValue());
    };
  }

  private static String print(Span span) {
    return span.toString().replaceFirst("\\.0(?=%| )", "").replaceFirst("^1 epochs", "1 epoch");
  }

  private static Duration duration(ConfigValue value) {
    if (value.valueType() == ConfigValueType.NUMBER) {
      throw new IllegalArgumentException("no unit");
    }
    try {
      return value.atKey("duration").getDuration("duration");
    } catch (ConfigException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String print(Duration duration) {
    return duration.toSeconds() * 1_000_000_000L == duration.toNanos()
        ? duration.toSeconds() + "s"
        : duration.toNanos() + "ns";
  }

  private static URI url(String text) {
    URI url = URI.create(text.endsWith("/") ? text : text + "/");
    if (!url.isAbsolute()
        || url.getHost() == null
        || Stream.of(url.getUserInfo(), url.getQuery(), url.getFragment())
            .anyMatch(Objects::nonNull)) {
      throw new IllegalArgumentException(text);
    }
    return url;
  }

  private static Map<String, String> digests(ConfigValue value) {
    Map<String, String> digests = new TreeMap<>();
    HoconText.keys(value)
        .forEach(
            (name, digest) ->
                digests.put(name, HoconText.scalar(digest).orElse("").toLowerCase(Locale.ROOT)));
    boolean sound =
        digests.entrySet().stream()
            .allMatch(
                entry ->
                    FILE_NAME.matcher(entry.getKey()).matches()
                        && SHA256.matcher(entry.getValue()).matches());
    if (digests.isEmpty() || !sound) {
      throw new IllegalArgumentException("no digests");
    }
    return Collections.unmodifiableMap(digests);
  }

  private static String print(Map<String, String> texts) {
    return new TreeMap<>(texts)
        .entrySet().stream()
            .map(entry -> TEXT.print(entry.getKey()) + " = " + TEXT.print(entry.getValue()))
            .collect(Collectors.joining(", ", "{ ", " }"));
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("blank");
    }
    return Path.of(text).toAbsolutePath().normalize();
  }
}
