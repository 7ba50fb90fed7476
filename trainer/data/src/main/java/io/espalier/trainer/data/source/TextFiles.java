package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.TextConfig;
import io.espalier.trainer.data.text.ByteTokens;
import io.espalier.trainer.data.text.CharacterTokens;
import io.espalier.trainer.data.text.TokenizedText;
import io.espalier.trainer.data.text.Tokens;
import io.espalier.trainer.data.text.Utf8;
import io.espalier.trainer.file.HeapRoom;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;

/** A text of one or more files, each perhaps gzipped, or the bundled one. */
final class TextFiles {
  private static final String BUNDLED = "king-james.txt.gz";

  /** Verses of the bundled text that are of its first book; the others are of Exodus. */
  static final int GENESIS = 1533;

  private final Optional<DataFile> place;
  private final byte[] bytes;

  private TextFiles(Optional<DataFile> place, byte[] bytes) {
    this.place = place;
    this.bytes = bytes;
  }

  static TextFiles read(TextConfig.Text source) {
    return source
        .path()
        .map(path -> of(new DataFile(path, "data.path")))
        .orElseGet(TextFiles::bundled);
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

  /** The verses of the bundled text. */
  static List<String> verses() {
    return bundled().string().lines().toList();
  }

  /** A file, or a folder whose files are read as one text in the order of their names. */
  static TextFiles of(DataFile place) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    HeapRoom room = HeapRoom.ofProcess();
    for (Path file : files(place)) {
      byte[] text = TextBytes.read(new DataFile(file, place.key()), room);
      if (text.length > TextBytes.MOST - all.size()) {
        throw place.problem("must hold at most %d bytes of text".formatted(TextBytes.MOST));
      }
      all.writeBytes(text);
    }
    if (all.size() == 0) {
      throw place.problem("must hold text: bytes=0");
    }
    return new TextFiles(Optional.of(place), all.toByteArray());
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

  /** All characters; refuses what is not UTF-8. */
  String string() {
    try {
      return Utf8.decode(bytes);
    } catch (Utf8.NoTextException e) {
      throw problem(
          "data.vocabulary",
          "must be bytes for files that are not UTF-8: first other byte at=" + e.position());
    }
  }

  /** The text as tokens; refuses characters that are none of them. */
  TokenizedText tokenized(Tokens tokens) {
    if (tokens instanceof ByteTokens) {
      return tokens.tokenized(bytes);
    }
    String text = string();
    if (tokens instanceof CharacterTokens characters) {
      requireKnown(text, characters);
    }
    return tokens.tokenized(text);
  }

  private void requireKnown(String text, CharacterTokens known) {
    OptionalInt other = text.codePoints().filter(character -> !known.has(character)).findFirst();
    if (other.isPresent()) {
      throw problem(
          place.map(DataFile::key).orElse("data.path"),
          "must have no other characters than the text that the network was trained on: character=U+%04X, characters=%d; data.vocabulary = bytes learns to read all text"
              .formatted(other.getAsInt(), known.names().size()));
    }
  }

  /** A problem of this text with a setting; {@code rule} begins with "must". */
  InvalidConfigException problem(String key, String rule) {
    return place
        .map(file -> new DataFile(file.path(), key).problem(rule))
        .orElseGet(() -> InvalidConfigException.of(key, rule));
  }
}
