package io.espalier.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BytesConverterTest {
  @ParameterizedTest
  @CsvSource({
    "64MB, 64000000",
    "64 mb, 64000000",
    "64MiB, 67108864",
    "1.5KiB, 1536",
    "0.0015kB, 1",
    "2GB, 2000000000",
    "7B, 7",
  })
  void size_withItsUnit_isThatManyBytes(String text, long bytes) {
    assertThat(new BytesConverter().convert(text)).isEqualTo(bytes);
  }
}
