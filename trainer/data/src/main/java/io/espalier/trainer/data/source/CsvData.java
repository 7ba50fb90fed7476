package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig;
import io.espalier.configs.DataConfig.TestSet;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.TableEncoding;
import io.espalier.trainer.file.HeapRoom;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A table as a data set: its encoding is learned from the training rows, or known. */
final class CsvData {
  private final DataConfig.Csv source;
  private final long seed;
  private final DataHome home;
  private final DataFile file;

  private CsvData(DataConfig.Csv source, long seed, DataHome home) {
    this.source = source;
    this.seed = seed;
    this.home = home;
    this.file = new DataFile(source.path(), "data.path");
  }

  static Dataset load(DataConfig.Csv source, long seed, DataHome home) {
    return new CsvData(source, seed, home).learn();
  }

  /** Reads the same source for a network that is trained: in its encoding, with its classes. */
  static Dataset load(DataConfig.Csv source, long seed, DataHome home, DataContract contract) {
    return new CsvData(source, seed, home).under(contract);
  }

  private Dataset learn() {
    CsvTable table = CsvTable.read(file, source, HeapRoom.ofProcess());
    ClassLabels classes = table.labels().classes();
    int[] labels = table.labels().indices(classes);
    Optional<TestSplit> split = split(labels, classes.names());
    int[] training =
        split.map(TestSplit::train).orElseGet(() -> IntStream.range(0, labels.length).toArray());
    CsvEncoder encoder = new CsvEncoder(file, table);
    TableEncoding encoding = encoder.learn(training, source.table());
    CellNotices notices = new CellNotices();
    Examples all = encoder.encode(encoding, labels, notices);
    report(file, notices.texts());
    Examples test =
        testFile()
            .map(from -> rows(from, encoding, classes.names(), table.digest()))
            .orElseGet(() -> all.select(split.orElseThrow().test()));
    return Dataset.encoded(
        source.kind(),
        split.isPresent() ? all.select(training) : all,
        test,
        encoding,
        classes.names(),
        Sha256.hex(table.digest()));
  }

  private Dataset under(DataContract contract) {
    MessageDigest digest = Sha256.begin();
    TableEncoding encoding = contract.table();
    List<String> classes = contract.classNames();
    Examples all = rows(file, encoding, classes, digest);
    Examples test =
        testFile()
            .map(from -> rows(from, encoding, classes, digest))
            .orElseGet(() -> all.select(split(all.labels(), classes).orElseThrow().test()));
    return Dataset.under(contract, source.kind(), all, test, Sha256.hex(digest));
  }

  private Optional<DataFile> testFile() {
    return source.test() instanceof TestSet.File test
        ? Optional.of(new DataFile(test.path(), "data.test-path"))
        : Optional.empty();
  }

  private Optional<TestSplit> split(int[] labels, List<String> classes) {
    return source.test() instanceof TestSet.Share test
        ? Optional.of(
            TestSplit.of(labels, test.share(), seed)
                .required(new DataFile(source.path(), "data.test"), "rows", classes))
        : Optional.empty();
  }

  private Examples rows(
      DataFile from, TableEncoding encoding, List<String> classes, MessageDigest digest) {
    CsvInput.Format format =
        new CsvInput.Format(
            encoding,
            classes,
            source.table().separator(),
            encoding.label().or(() -> Optional.of(source.label())),
            from.equals(file)
                ? "a label must be a class of the network"
                : "a label must occur in " + file.path());
    try (InputStream in = new DigestInputStream(InputFile.content(from), digest);
        CsvInput rows = CsvInput.open(from, in, format)) {
      Examples all = rows.all(HeapRoom.ofProcess());
      report(from, rows.notices());
      return all;
    } catch (IOException e) {
      throw CsvFile.unreadable(from, e);
    }
  }

  private void report(DataFile from, List<String> notices) {
    notices.forEach(notice -> home.listener().noticed(from.path() + ": " + notice));
  }
}
