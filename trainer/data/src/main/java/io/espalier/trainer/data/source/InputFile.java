package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Examples;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A file of rows: CSV, or IDX (begins with two zero bytes), each perhaps gzipped; or an image or
 * text file or a folder of them, for a network that was trained on such. {@code key} names it in
 * messages; {@code labels} is a CSV column, another IDX file, or {@code folders} for images.
 */
public record InputFile(Path path, String key, Optional<String> labels) {
  private static final int BUFFER = 1 << 16;
  private static final String LABELS = "--labels";

  /** The labelled training images of a folder of class folders. */
  public static InputFile ofClassFolders(Path path, String key) {
    return new InputFile(ClassFolders.trainingPart(path), key, Optional.of(ImageInput.FOLDERS));
  }

  public boolean isIdx() throws IOException {
    try (BufferedInputStream content = content(file())) {
      return startsWith(content, 0, 0);
    }
  }

  /** Returns a problem of the file; {@code rule} begins with "must". */
  public InvalidConfigException problem(String rule) {
    return file().problem(rule);
  }

  /** Opens the rows; one that cannot be read refuses all. */
  public Rows open(DataContract contract) throws IOException {
    return open(contract, true);
  }

  /** Opens the rows to predict; a broken image refuses itself alone if another is whole. */
  public Rows openToPredict(DataContract contract) throws IOException {
    return open(contract, false);
  }

  private Rows open(DataContract contract, boolean refusesAll) throws IOException {
    DataFile file = file();
    if (contract.isText() && !contract.continuesText()) {
      return TextInput.open(file, labels, contract);
    }
    if (contract.continuesText()) {
      return new TextWindows(file, contract.text());
    }
    if (contract.images().isPresent() && (Files.isDirectory(path) || !isIdx())) {
      return ImageInput.open(
          file, labels, contract.images().orElseThrow(), contract.classNames(), refusesAll);
    }
    BufferedInputStream content = content(file);
    if (!startsWith(content, 0, 0)) {
      return CsvInput.open(file, content, contract, labels);
    }
    IdxStream images = idx(file, content);
    try {
      return IdxInput.of(file, images, labelStream(), contract);
    } catch (IOException | RuntimeException e) {
      images.close();
      throw e;
    }
  }

  /** Texts to be continued; throws {@link InvalidConfigException} if labels are asked of them. */
  public TextsToContinue openTexts(DataContract contract) throws IOException {
    if (labels.isPresent()) {
      throw InvalidConfigException.of(
          LABELS, "must be left away for a network that continues texts: labels=" + labels.get());
    }
    Texts texts = TextInput.texts(file(), Optional.empty(), contract);
    return new TextsToContinue(texts);
  }

  private DataFile file() {
    return new DataFile(path, key);
  }

  private Optional<IdxStream> labelStream() throws IOException {
    if (labels.isEmpty()) {
      return Optional.empty();
    }
    DataFile file = new DataFile(Path.of(labels.get()), LABELS);
    return Optional.of(idx(file, content(file)));
  }

  private static IdxStream idx(DataFile file, InputStream content) throws IOException {
    try {
      return new IdxStream(file, content);
    } catch (EOFException e) {
      content.close();
      throw file.problem("must not end early: its header is truncated");
    } catch (IOException | RuntimeException e) {
      content.close();
      throw e;
    }
  }

  /** Opens a file, which is unpacked if its content is gzip. */
  static BufferedInputStream content(DataFile file) throws IOException {
    requireRegular(file);
    BufferedInputStream raw = new BufferedInputStream(Files.newInputStream(file.path()), BUFFER);
    try {
      if (!startsWith(raw, 0x1f, 0x8b)) {
        return raw;
      }
      BufferedInputStream unpacked =
          new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER);
      startsWith(unpacked, 0, 0);
      return unpacked;
    } catch (IOException e) {
      raw.close();
      throw file.problem("must be an undamaged gzip file: " + e.getMessage());
    }
  }

  /** Refuses pipes and devices, which may have no end. */
  static void requireRegular(DataFile file) {
    file.requireAccess();
    if (!Files.isRegularFile(file.path())) {
      throw file.problem("must be a file: path=" + file.path());
    }
  }

  private static boolean startsWith(BufferedInputStream in, int first, int second)
      throws IOException {
    in.mark(2);
    boolean matches = in.read() == first && in.read() == second;
    in.reset();
    return matches;
  }

  public interface Rows extends Closeable {
    /** Returns the next raw rows, with label 0 where it is unknown; empty at the end. */
    Optional<Examples> next(int most);

    /** Names of the rows of the last batch; empty where rows have numbers only. */
    default List<String> names() {
      return List.of();
    }

    /** The rows so far that were refused alone, a problem each. */
    default List<String> refusals() {
      return List.of();
    }

    /** The losses of the rows so far, a sentence each; nothing fails. */
    default List<String> notices() {
      return List.of();
    }
  }
}
