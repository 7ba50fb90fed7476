package io.espalier.cli.federation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Shares as recipes write them: {@code 10%} or {@code 0.1}; above 0 and up to 1. */
final class ShareConverter implements ITypeConverter<Double> {
  private static final Pattern TEXT = Pattern.compile("(\\d*\\.?\\d+)\\s*(%?)");

  @Override
  public Double convert(String text) {
    Matcher parts = TEXT.matcher(text.strip());
    if (!parts.matches()) {
      throw refused(text);
    }
    double number = Double.parseDouble(parts.group(1));
    double share = parts.group(2).isEmpty() ? number : number / 100;
    if (!(share > 0 && share <= 1)) {
      throw refused(text);
    }
    return share;
  }

  private static TypeConversionException refused(String text) {
    return new TypeConversionException(
        "a share must be above 0 and up to 1, such as 10% or 0.1: share=" + text);
  }
}
