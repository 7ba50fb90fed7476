package io.espalier.cli.dashboard;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;

/** Numbers as the page writes them, with plain spaces. */
final class Shown {
  private static final List<String> BYTES = List.of(" B", " kB", " MB", " GB");
  private static final List<String> COUNTS = List.of("", " k", " M", " G");

  private Shown() {}

  static String number(double value, int digits) {
    DecimalFormat format =
        new DecimalFormat(
            digits == 0 ? "#,##0" : "#,##0." + "0".repeat(digits),
            DecimalFormatSymbols.getInstance(Locale.ROOT));
    return format.format(new BigDecimal(value).setScale(digits, RoundingMode.HALF_UP));
  }

  static String percent(double share) {
    return number(100 * share, 2) + " %";
  }

  static String bytes(double value) {
    return scaled(value, BYTES);
  }

  static String count(double value) {
    return scaled(value, COUNTS);
  }

  private static String scaled(double value, List<String> units) {
    double rest = value;
    int unit = 0;
    while (rest >= 1000 && unit < units.size() - 1) {
      rest /= 1000;
      unit++;
    }
    int digits = unit == 0 ? 0 : rest < 10 ? 2 : rest < 100 ? 1 : 0;
    return number(rest, digits) + units.get(unit);
  }
}
