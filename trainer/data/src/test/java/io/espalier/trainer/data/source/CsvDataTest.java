package io.espalier.trainer.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.DataConfig;
import io.espalier.configs.DataConfig.TestSet;
import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.IdxBytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CsvDataTest {
  private static final String SIX = "a,b,kind\n1,5,x\n2,5,y\n3,5,x\n4,5,y\n5,5,x\n6,5,y\n";

  @TempDir Path directory;

  private Path write(String name, String text) {
    return IdxBytes.write(directory.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }

  private Dataset load(String text, String label, TestSet test) {
    DataConfig.Csv source = new DataConfig.Csv(write("rows.csv", text), label, test);
    return Datasets.load(new DataConfig(source, 2, 0), 1, new DataHome(directory, directory));
  }

  private Dataset load(String text, String label) {
    return load(text, label, new TestSet.Share(0.5));
  }

  private TestSet testFile(String text) {
    return new TestSet.File(write("test.csv", text));
  }

  @Test
  void load_testFile_keepsRowsAndOrder() {
    Dataset data = load(SIX, "kind", testFile("a,b,kind\n3.5,5,y\n"));

    assertThat(data.columns()).containsExactly("a", "b");
    assertThat(data.input()).hasToString("1×1×2");
    assertThat(data.classNames()).containsExactly("x", "y");
    assertThat(data.train().count()).isEqualTo(6);
    assertThat(data.test().label(0)).isEqualTo(1);
  }

  @Test
  void load_constantColumn_isOnlyCentred() {
    Dataset data = load(SIX, "kind", testFile("a,b,kind\n3.5,6,y\n"));
    float[] values = new float[2];
    data.test().fill(new int[] {0}, 0, 1, values, new int[1]);

    assertThat(data.normalization().mean()).containsExactly(3.5, 5.0);
    assertThat(data.normalization().standardDeviation()).containsExactly(Math.sqrt(35.0 / 12), 1.0);
    assertThat(values).containsExactly(new float[] {0, 1}, within(1e-6f));
  }

  @Test
  void load_share_takesItFromEveryClass() {
    Dataset data = load("f,l\n1,0\n2,0\n3,0\n4,0\n5,1\n6,1\n7,1\n8,1\n", "l");

    assertThat(data.test().count()).isEqualTo(4);
    int ones = 0;
    for (int i = 0; i < 4; i++) {
      ones += data.test().label(i);
    }
    assertThat(ones).isEqualTo(2);
  }

  @Test
  void load_classOfOneRow_staysInTraining() {
    Dataset data = load("f,l\n1,a\n2,a\n3,a\n4,b\n", "l", new TestSet.Share(0.99));

    assertThat(data.test().count()).isEqualTo(2);
    assertThat(data.test().label(0)).isZero();
    assertThat(data.test().label(1)).isZero();
  }

  @Test
  void load_labelByIndex_takesThatColumn() {
    Dataset data = load("x,y,z\n1,2,3\n4,5,6\n", "1", testFile("x,y,z\n1,2,3\n"));

    assertThat(data.columns()).containsExactly("x", "z");
    assertThat(data.classNames()).containsExactly("2", "5");
  }

  @Test
  void load_labelNameThatIsANumber_winsOverTheIndex() {
    Dataset data = load("1,zero\n7,8\n9,6\n", "1", testFile("1,zero\n7,8\n"));

    assertThat(data.classNames()).containsExactly("7", "9");
  }

  @Test
  void load_integerLabels_areInNumericOrder() {
    Dataset data = load("f,l\n1,10\n1,9\n1,-1\n1,09\n", "l", testFile("f,l\n1,10\n1,+9\n"));

    assertThat(data.classNames()).containsExactly("-1", "9", "10");
    assertThat(data.test().label(0)).isEqualTo(2);
    assertThat(data.test().label(1)).isEqualTo(1);
  }

  @Test
  void load_mixedLabels_areInLexicographicOrder() {
    assertThat(load("f,l\n1,10\n1,9\n1,a\n", "l", testFile("f,l\n1,9\n")).classNames())
        .isEqualTo(List.of("10", "9", "a"));
  }

  @Test
  void load_quotesBlankLinesAndByteOrderMark_areUnderstood() {
    Dataset data =
        load(
            "\uFEFF\"a, b\",l\r\n\r\n 1e-3 ,\"x\ny\"\r\n2,z\r\n",
            "l",
            testFile("\"a, b\",l\n1,z\n"));

    assertThat(data.columns()).containsExactly("a, b");
    assertThat(data.classNames()).containsExactly("x\ny", "z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a,l\\n1,x\\ntwo,y         | column='a', numbers=1, others=1, the first is 'two' in line 3
          a,l\\nNaN,x              | a column must have a value: column='a', all 1 cells are missing
          a,l\\n1,x\\n\\n1e40,x      | rows.csv:4: data.path: every cell must be a finite number: column='a', value='1e40'
          a,l\\n1,x\\n1f,x          | others=1, the first is '1f' in line 3
          a,l\\n1,x\\n0x1p3,x       | others=1, the first is '0x1p3' in line 3
          a,l\\n1,x\\n2,x,3         | rows.csv:3: data.path: every row must have the header's 2 cells: cells=3
          a,l\\n1,x\\n2             | rows.csv:3: data.path: every row must have the header's 2 cells: cells=1
          a,l\\n1,                 | rows.csv:2: data.path: a label must not be empty: column='l'
          a,l\\n                   | must have a row below its header: rows=0
          l\\nx                    | columns=1
          a,a,l\\n1,2,x            | must name each column once: column='a'
          a,l\\n1,x\\n2,x           | data.label: must have from 2 to 10000 classes: column='l', classes=1
          a,l\\n1,"x               | must be readable as CSV
          """)
  void load_brokenRows_namesFileLineColumnAndValue(String text, String message) {
    assertThatThrownBy(() -> load(text.replace("\\n", "\n"), "l"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void load_emptyFile_asksForAHeader() {
    assertThatThrownBy(() -> load("", "l")).hasMessageContaining("must have a header row");
  }

  @Test
  void load_notText_asksForUtf8() {
    Path path = IdxBytes.write(directory.resolve("b.csv"), new byte[] {'a', ',', (byte) 0xff});
    DataConfig.Csv source = new DataConfig.Csv(path, "a", new TestSet.Share(0.5));

    assertThatThrownBy(
            () ->
                Datasets.load(new DataConfig(source, 2, 0), 1, new DataHome(directory, directory)))
        .hasMessageContaining("must be UTF-8");
  }

  @Test
  void load_unknownLabel_suggestsTheNearest() {
    assertThatThrownBy(() -> load(SIX, "knd"))
        .hasMessageContaining("label='knd'")
        .hasMessageContaining("nearest name is 'kind'")
        .hasMessageContaining("from 0 to 2");
    assertThatThrownBy(() -> load(SIX, "3")).hasMessageContaining("label='3'");
  }

  @Test
  void load_testLabelThatTrainingLacks_isRefusedWithItsLine() {
    assertThatThrownBy(() -> load(SIX, "kind", testFile("a,b,kind\n1,1,x\n1,1,z\n")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("test.csv:3: data.test-path: a label must occur in")
        .hasMessageContaining("value='z'");
  }

  @Test
  void load_testFileWithColumnsInAnotherOrder_findsThemByName() {
    Dataset data = load(SIX, "kind", testFile("more,b,kind,a\n0,9,x,1\n"));

    assertThat(data.test().raw(0, 0)).isEqualTo(1);
    assertThat(data.test().raw(0, 1)).isEqualTo(9);
  }

  @Test
  void load_testFileWithoutAColumn_isRefused() {
    assertThatThrownBy(() -> load(SIX, "kind", testFile("b,kind\n1,x\n")))
        .hasMessageContaining("test.csv:1: data.test-path")
        .hasMessageContaining("missing=[a], columns=[b, kind]");
  }

  @Test
  void load_shareThatLeavesNothing_isRefused() {
    assertThatThrownBy(() -> load(SIX, "kind", new TestSet.Share(0.1)))
        .hasMessageContaining("data.test: must leave an example for the test: test=0.1, rows=6");
  }
}
