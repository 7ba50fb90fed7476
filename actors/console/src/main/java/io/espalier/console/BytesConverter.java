package io.espalier.console;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes such as {@code 64MB} or {@code 1.5 GiB}, in bytes, rounded down; one or more. */
public final class BytesConverter implements ITypeConverter<Long> {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([A-Za-z]*)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "b", 1L,
          "kb", 1_000L,
          "mb", 1_000_000L,
          "gb", 1_000_000_000L,
          "kib", 1L << 10,
          "mib", 1L << 20,
          "gib", 1L << 30);

  @Override
  public Long convert(String text) {
    Matcher parts = TEXT.matcher(text.strip());
    Long unit = parts.matches() ? UNITS.get(parts.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit == null) {
      throw refused(text);
    }
    BigDecimal bytes =
        new BigDecimal(parts.group(1))
            .multiply(BigDecimal.valueOf(unit))
            .setScale(0, RoundingMode.DOWN);
    if (bytes.signum() <= 0 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw refused(text);
    }
    return bytes.longValue();
  }

  private static TypeConversionException refused(String text) {
    return new TypeConversionException(
        "a size must be above 0 with its unit, such as 64MB or 512KiB: size=" + text);
  }
}
