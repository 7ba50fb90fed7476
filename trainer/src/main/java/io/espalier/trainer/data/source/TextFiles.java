package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;

/** A text of one or more files, each perhaps gzipped, or the bundled one. */
final class TextFiles {
  private static final int MOST_BYTES = 1 << 28;
  private static final String BUNDLED = "king-james.txt.gz";

  private final Optional<Path> path;
  private final byte[] bytes;

  private TextFiles(Optional<Path> path, byte[] bytes) {
    this.path = path;
    this.bytes = bytes;
  }

  static TextFiles read(DataConfig.Text source) {
    return source.path().map(TextFiles::of).orElseGet(TextFiles::bundled);
  }

  /** Genesis and Exodus of the Authorized Version (1611), which is in the public domain. */
  private static TextFiles bundled() {
    try (InputStream packed = Objects.requireNonNull(TextFiles.class.getResourceAsStream(BUNDLED));
        InputStream in = new GZIPInputStream(packed)) {
      return new TextFiles(Optional.empty(), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("the bundled text must be readable", e);
    }
  }

  private static TextFiles of(Path path) {
    DataFile place = new DataFile(path, "data.path");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Path file : files(place)) {
      DataFile each = new DataFile(file, place.key());
      try (BufferedInputStream in = InputFile.content(each)) {
        all.writeBytes(in.readNBytes(MOST_BYTES + 1 - all.size()));
      } catch (IOException e) {
        throw each.problem("must be readable: " + e);
      }
      if (all.size() > MOST_BYTES) {
        throw place.problem("must hold at most %d bytes of text".formatted(MOST_BYTES));
      }
    }
    return new TextFiles(Optional.of(path), all.toByteArray());
  }

  private static List<Path> files(DataFile place) {
    if (!Files.isDirectory(place.path())) {
      return List.of(place.path());
    }
    List<Path> files = ImageFiles.list(place, place.path(), Files::isRegularFile);
    if (files.isEmpty()) {
      throw place.problem("must hold a file of text: files=0");
    }
    return files;
  }

  byte[] bytes() {
    return bytes;
  }

  /** All characters; refuses what is not UTF-8, and too many different ones. */
  String string() {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw problem(
          "data.vocabulary",
          "must be bytes for files that are not UTF-8: vocabulary=characters, first other byte at=%d"
              .formatted(in.position()));
    }
    String text = out.flip().toString();
    long different = text.codePoints().distinct().count();
    if (different < 2 || different > Tokens.MOST) {
      throw problem(
          "data.vocabulary",
          "must be bytes where there are not from 2 to %d different characters: vocabulary=characters, different=%d"
              .formatted(Tokens.MOST, different));
    }
    return text;
  }

  /** The text as numbers of tokens; refuses characters that are none of them. */
  int[] numbers(Tokens tokens) {
    if (tokens.areBytes()) {
      return Tokens.numbers(bytes);
    }
    String text = string();
    OptionalInt other = text.codePoints().filter(character -> !tokens.has(character)).findFirst();
    if (other.isPresent()) {
      throw problem(
          "data.path",
          "must have no other characters than the text that the network was trained on: character=U+%04X, characters=%d; data.vocabulary = bytes learns to read all text"
              .formatted(other.getAsInt(), tokens.names().size()));
    }
    return tokens.numbers(text);
  }

  /** A problem of this text with a setting; {@code rule} begins with "must". */
  InvalidConfigException problem(String key, String rule) {
    return path.map(file -> new DataFile(file, key).problem(rule))
        .orElseGet(() -> InvalidConfigException.of(key, rule));
  }
}
