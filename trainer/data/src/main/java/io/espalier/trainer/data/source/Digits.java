package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.network.ImageShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * The bundled handwritten digits: 1,797 images of 8×8 pixels, 0 to 16 (Alpaydin and Kaynak,
 * "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998, CC BY 4.0).
 */
final class Digits {
  private static final int SIDE = 8;
  private static final int FEATURES = SIDE * SIDE;

  private Digits() {}

  static Dataset load(DataConfig.Digits source, long seed) {
    byte[] content = content();
    MessageDigest digest = Sha256.begin();
    digest.update(content);
    Examples all = parse(new String(content, StandardCharsets.US_ASCII));
    TestSplit split = TestSplit.of(all.labels(), source.test(), seed);
    return Dataset.normalised(
        source.kind(),
        all.select(split.train()),
        all.select(split.test()),
        new ImageShape(1, SIDE, SIDE),
        List.of(),
        IntStream.range(0, 10).mapToObj(String::valueOf).toList(),
        Sha256.hex(digest));
  }

  private static byte[] content() {
    try (InputStream packed =
            Objects.requireNonNull(Digits.class.getResourceAsStream("digits.csv.gz"));
        InputStream in = new GZIPInputStream(packed)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the bundled digits must be readable", e);
    }
  }

  private static Examples parse(String text) {
    List<String> lines = text.lines().toList();
    byte[] pixels = new byte[lines.size() * FEATURES];
    int[] labels = new int[lines.size()];
    for (int row = 0; row < labels.length; row++) {
      String[] cells = lines.get(row).split(",", -1);
      for (int i = 0; i < FEATURES; i++) {
        pixels[row * FEATURES + i] = Byte.parseByte(cells[i]);
      }
      labels[row] = Integer.parseInt(cells[FEATURES]);
    }
    return Examples.ofBytes(pixels, labels);
  }
}
