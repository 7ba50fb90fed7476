package io.espalier.trainer.onnx.read;

import java.nio.file.Files;
import java.nio.file.Path;

/** The files of Debian's package libonnx-testdata: classic networks, and operators with results. */
final class OnnxTestData {
  private static final Path ROOT = Path.of("/usr/share/libonnx-testdata/data");

  private OnnxTestData() {}

  /** A file or directory of the package; fails with the package's name where it is missing. */
  static Path of(String path) {
    Path file = ROOT.resolve(path);
    if (!Files.exists(file)) {
      throw new AssertionError(
          "this test reads a file of a Debian package: file=%s; apt-get install libonnx-testdata"
              .formatted(file));
    }
    return file;
  }
}
