package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig;
import io.espalier.configs.DataConfig.TestSet;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.network.ImageShape;
import java.security.MessageDigest;
import java.util.List;

final class CsvData {
  private static final int MAX_CLASSES = 10_000;

  private final DataConfig.Csv source;
  private final MessageDigest digest = Sha256.begin();
  private final DataFile file;
  private final CsvTable table;
  private final ClassLabels classes;

  private CsvData(DataConfig.Csv source) {
    this.source = source;
    file = new DataFile(source.path(), "data.path");
    table = CsvTable.read(file, source.label(), digest);
    classes = ClassLabels.of(table.labels());
    int count = classes.names().size();
    if (count < 2 || count > MAX_CLASSES) {
      throw new DataFile(source.path(), "data.label")
          .problem(
              "must have from 2 to %d classes: column='%s', classes=%d"
                  .formatted(MAX_CLASSES, table.label(), count));
    }
  }

  static Dataset load(DataConfig.Csv source, long seed) {
    return new CsvData(source).split(seed);
  }

  private Dataset split(long seed) {
    Examples all = examples(file, table);
    if (source.test() instanceof TestSet.File test) {
      return dataset(all, testExamples(new DataFile(test.path(), "data.test-path")));
    } else if (source.test() instanceof TestSet.Share share) {
      TestSplit split = TestSplit.of(all, share.share(), seed);
      if (split.test().length == 0) {
        throw new DataFile(source.path(), "data.test")
            .problem(
                "must leave an example for the test: test=%s, rows=%d"
                    .formatted(share.share(), all.count()));
      }
      return dataset(all.select(split.train()), all.select(split.test()));
    }
    throw new IllegalArgumentException("a test set must be known: test=" + source.test());
  }

  private Examples testExamples(DataFile testFile) {
    CsvTable test = CsvTable.read(testFile, table.label(), digest);
    if (!test.features().equals(table.features()) || !test.label().equals(table.label())) {
      throw testFile.problem(
          1,
          "must have the columns of %s in the same order: columns=%s, expected=%s"
              .formatted(file.path(), test.features(), table.features()));
    }
    return examples(testFile, test);
  }

  private Dataset dataset(Examples train, Examples test) {
    List<String> columns = table.features();
    return Dataset.normalised(
        source.kind(),
        train,
        test,
        new ImageShape(1, 1, columns.size()),
        columns,
        classes.names(),
        Sha256.hex(digest));
  }

  private Examples examples(DataFile from, CsvTable rows) {
    List<String> labels = rows.labels();
    int[] indices = new int[labels.size()];
    for (int row = 0; row < indices.length; row++) {
      String label = labels.get(row);
      long line = rows.line(row);
      indices[row] =
          classes
              .indexOf(label)
              .orElseThrow(
                  () ->
                      from.problem(
                          line,
                          "a label must occur in %s: column='%s', value='%s'"
                              .formatted(file.path(), rows.label(), label)));
    }
    return Examples.ofFloats(rows.values(), indices);
  }
}
