package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.TextConfig.TextColumns;
import io.espalier.trainer.data.text.Utf8;
import io.espalier.trainer.file.HeapRoom;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVRecord;

/** Texts one after the other: the rows of a CSV file, or files. Not thread-safe. */
interface Texts extends Closeable {
  /**
   * One text.
   *
   * @param name path of its file; empty for a row
   * @param label empty where it is unknown
   */
  record Text(Optional<String> name, Optional<String> label, String text) {}

  Optional<Text> next();

  /** A problem of the text that was read last; {@code rule} begins with "must". */
  InvalidConfigException problem(String rule);

  @Override
  default void close() throws IOException {}

  /** The rows of a file; an empty {@code label} means that none is known. */
  static Texts ofRows(DataFile file, InputStream in, TextColumns columns) throws IOException {
    CsvFile rows = CsvFile.open(file, in, new CsvFile.Form(columns.separator(), true));
    try {
      return new Rows(
          file,
          rows,
          CsvColumns.position(file, rows.header(), "text", columns.text().strip()),
          columns.label().isEmpty()
              ? -1
              : CsvColumns.labelPosition(file, rows.header(), columns.label().strip()));
    } catch (RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  /** Files of a text each, labelled by the names of their folders. */
  static Texts ofFiles(String key, List<Path> files) {
    return new OfFiles(key, files.iterator());
  }

  /** Rows of a CSV file. */
  record Rows(DataFile file, CsvFile rows, int text, int label) implements Texts {
    @Override
    public Optional<Text> next() {
      return rows.next().map(this::text);
    }

    private Text text(CSVRecord row) {
      Optional<String> known = label < 0 ? Optional.empty() : Optional.of(row.get(label).strip());
      if (known.filter(String::isEmpty).isPresent()) {
        throw problem("a label must not be empty: column='%s'".formatted(rows.header().get(label)));
      }
      return new Text(Optional.empty(), known, row.get(text));
    }

    @Override
    public InvalidConfigException problem(String rule) {
      return file.problem(rows.line(), rule);
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }
  }

  /** Files, each perhaps gzipped. */
  final class OfFiles implements Texts {
    private final String key;
    private final Iterator<Path> files;
    private Path last = Path.of("");

    private OfFiles(String key, Iterator<Path> files) {
      this.key = key;
      this.files = files;
    }

    @Override
    public Optional<Text> next() {
      if (!files.hasNext()) {
        return Optional.empty();
      }
      last = files.next();
      return Optional.of(
          new Text(Optional.of(last.toString()), Optional.of(folder(last)), read(last)));
    }

    private static String folder(Path path) {
      Path absolute = path.toAbsolutePath().normalize();
      int depth = absolute.getNameCount();
      return depth < 2 ? "" : absolute.getName(depth - 2).toString();
    }

    private String read(Path path) {
      DataFile file = new DataFile(path, key);
      try {
        return Utf8.decode(TextBytes.read(file, HeapRoom.ofProcess()));
      } catch (Utf8.NoTextException e) {
        throw file.problem(
            "must be UTF-8 text; iconv -t UTF-8 converts a file: first other byte at="
                + e.position());
      }
    }

    @Override
    public InvalidConfigException problem(String rule) {
      return new DataFile(last, key).problem(rule);
    }
  }
}
