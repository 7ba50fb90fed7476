package io.espalier.actors.cli.bench;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a {@link Row} by its label. */
final class RowConverter implements ITypeConverter<Row> {
  @Override
  public Row convert(String label) {
    try {
      return Row.of(label);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
