package io.espalier.trainer.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.DataConfig;
import io.espalier.configs.DataConfig.TestSet;
import io.espalier.configs.Metric;
import io.espalier.configs.TextConfig.LabelledText;
import io.espalier.configs.TextConfig.TextColumns;
import io.espalier.configs.VocabularyConfig;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.InputEncoding;
import io.espalier.trainer.data.TextEncoding;
import io.espalier.trainer.data.text.SampleTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledTextDataTest {
  private static final VocabularyConfig CHARACTERS = new VocabularyConfig.Characters();

  @TempDir private Path directory;
  private final List<String> notices = new ArrayList<>();

  private Path file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Dataset load(LabelledText source) {
    return Datasets.load(new DataConfig(source, 2, 0), 1, home());
  }

  private DataHome home() {
    return DataHome.of(directory.resolve("home")).reportingTo(new Notices(notices));
  }

  private static LabelledText table(
      Path path, VocabularyConfig vocabulary, int context, TestSet test) {
    return new LabelledText(
        Optional.of(path),
        Optional.of(new TextColumns("words", "kind", Optional.empty())),
        vocabulary,
        context,
        test);
  }

  private static LabelledText folders(Path path, int context, double test) {
    return new LabelledText(
        Optional.of(path), Optional.empty(), CHARACTERS, context, new TestSet.Share(test));
  }

  private static String texts(Dataset data, Examples examples) {
    TextEncoding encoding = (TextEncoding) data.encoding().orElseThrow();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < examples.count(); i++) {
      int[] tokens = new int[examples.features()];
      for (int t = 0; t < tokens.length; t++) {
        tokens[t] = (int) examples.raw(i, t);
      }
      texts.add(encoding.tokens().text(tokens) + "=" + data.classNames().get(examples.label(i)));
    }
    return String.join(" ", texts);
  }

  @Test
  void load_aTable_readsItsColumnsOfTextAndLabel() throws IOException {
    Path train = file("train.csv", "id,kind,words\n1,even,ab\n2,odd,\"a,b\"\n3,even,abba\n");
    Path test = file("test.csv", "words,kind\nbxa,odd\n");

    Dataset data = load(table(train, CHARACTERS, 3, new TestSet.File(test)));

    assertThat(data.classNames()).containsExactly("even", "odd");
    assertThat(texts(data, data.train())).isEqualTo("ab=even a,b=odd abb=even");
    assertThat(texts(data, data.test())).isEqualTo("ba=odd");
    assertThat(data.test().raw(0, 1)).isEqualTo(1);
    assertThat(data.train().raw(0, 2)).isZero();
    assertThat(data.metric()).isEqualTo(Metric.ACCURACY);
    assertThat(data.sizes().tokens()).isEqualTo(5);
    assertThat(data.isText()).isTrue();
    assertThat(notices)
        .contains(
            train + ": 1 of 4 texts have more tokens than a network reads, 3, and are cut there");
  }

  @Test
  void load_folders_takeTheTestSetFromTestOrAShareOfEachClass() throws IOException {
    for (String part : List.of("train", "test")) {
      file("split/" + part + "/b/1.txt", "bb" + part);
      file("split/" + part + "/a/2", "aa" + part);
    }
    for (int i = 0; i < 4; i++) {
      file("whole/b/" + i + ".txt", "b" + i);
      file("whole/a/" + i + ".txt", "a" + i);
    }

    Dataset split = load(folders(directory.resolve("split"), 10, 0.5));
    Dataset whole = load(folders(directory.resolve("whole"), 2, 0.5));

    assertThat(split.classNames()).containsExactly("a", "b");
    assertThat(texts(split, split.train())).isEqualTo("aatrain=a bbtrain=b");
    assertThat(texts(split, split.test())).isEqualTo("aatt=a bbtt=b");
    assertThat(whole.test().labels()).containsExactlyInAnyOrder(0, 0, 1, 1);
    assertThat(whole.train().count()).isEqualTo(4);
  }

  @Test
  void load_theBundledVerses_haveTheirBooksAsClasses() {
    Dataset data =
        load(
            new LabelledText(
                Optional.empty(), Optional.empty(), CHARACTERS, 54, new TestSet.Share(0.2)));

    assertThat(data.classNames()).containsExactly("Exodus", "Genesis");
    assertThat(data.train().count() + data.test().count()).isEqualTo(2746);
    assertThat(texts(data, data.train().select(new int[] {0})))
        .isEqualTo("In the beginning God created the heaven and the earth.=Genesis");
  }

  @Test
  void load_withATokenizer_marksTextsAndKeepsItInTheEncoding() throws IOException {
    Path tokenizer = file("tokenizer.json", SampleTokenizer.JSON);
    Path table = file("t.csv", "words,kind\nthe foxes playing,x\ndogs,y\nfox,x\ndog,y\n");
    VocabularyConfig vocabulary = new VocabularyConfig.Tokenizer(tokenizer);

    Dataset data = load(table(table, vocabulary, 4, new TestSet.Share(0.5)));

    Examples train = data.train();
    assertThat(new float[] {train.raw(0, 0), train.raw(0, 3)}).containsExactly(2, 3);
    assertThat(data.sizes().tokens()).isEqualTo(13);
    InputEncoding encoding = data.encoding().orElseThrow();
    assertThat(InputEncoding.parse(encoding.toJson())).isEqualTo(encoding);
  }

  @Test
  void load_inTheEncodingOfANetwork_keepsItsTokensAndClasses() throws IOException {
    Path path = file("a.csv", "words,kind\nab,x\nba,y\nabc,x\nb,y\nc,z\n");
    LabelledText source = table(path, CHARACTERS, 3, new TestSet.Share(0.4));
    DataContract contract = DataContract.of(load(source), source);
    LabelledText other =
        table(
            file("b.csv", "words,kind\nq,y\nb,x\nb,x\nb,y\n"),
            CHARACTERS,
            9,
            new TestSet.Share(0.5));

    Dataset data = Datasets.load(new DataConfig(other, 2, 0), 1, home(), contract);

    assertThat(data.classNames()).containsExactly("x", "y", "z");
    assertThat(data.train().features()).isEqualTo(3);
    LabelledText strange =
        table(file("c.csv", "words,kind\nb,x\nb,w\n"), CHARACTERS, 3, new TestSet.Share(0.5));
    assertThatThrownBy(() -> Datasets.load(new DataConfig(strange, 2, 0), 1, home(), contract))
        .hasMessageContaining("a label must be a class of the network: column='kind', value='w'");
  }

  @Test
  void load_whatIsNoLabelledText_isRefused() throws IOException {
    Path one = file("one.csv", "words,kind\na,x\nb,x\n");
    TestSet half = new TestSet.Share(0.5);
    assertThatThrownBy(() -> load(table(one, CHARACTERS, 3, half)))
        .hasMessageContaining("must have from 2 to 10000 classes: column='kind', classes=1");
    assertThatThrownBy(() -> load(table(file("n.csv", "word,kind\na,x\n"), CHARACTERS, 3, half)))
        .hasMessageContaining("must have the text's column: text='words'")
        .hasMessageContaining("nearest name is 'word'");
    assertThatThrownBy(() -> load(table(file("e.csv", "words,kind\na,\n"), CHARACTERS, 3, half)))
        .hasMessageContaining("e.csv:2: data.path: a label must not be empty: column='kind'");
    assertThatThrownBy(() -> load(folders(file("text", "a"), 3, 0.5)))
        .hasMessageContaining("must be a directory with one folder of texts per class")
        .hasMessageContaining("or a CSV file whose columns data.text and data.label name");
    file("empty/a/1.txt", "a");
    Files.createDirectories(directory.resolve("empty/b"));
    assertThatThrownBy(() -> load(folders(directory.resolve("empty"), 3, 0.5)))
        .hasMessageContaining("every class folder must hold a text file: empty=1 ('b'); add texts");
    file("latin/b/1.txt", "b");
    Files.write(
        Files.createDirectories(directory.resolve("latin/a")).resolve("1"), new byte[] {'a', -1});
    assertThatThrownBy(() -> load(folders(directory.resolve("latin"), 3, 0.5)))
        .hasMessageContaining("must be UTF-8 text")
        .hasMessageContaining("first other byte at=1");
  }

  @Test
  void load_aTokenizerThatCannotBeRead_isRefused() throws IOException {
    Path table = file("t.csv", "words,kind\na,x\nb,y\na,x\nb,y\n");
    TestSet half = new TestSet.Share(0.5);
    Path none = directory.resolve("none.json");
    assertThatThrownBy(() -> load(table(table, new VocabularyConfig.Tokenizer(none), 3, half)))
        .hasMessageContaining("none.json: data.vocabulary: must be a file");
    Path other = file("other.json", "[1, 2]");
    assertThatThrownBy(() -> load(table(table, new VocabularyConfig.Tokenizer(other), 3, half)))
        .hasMessageContaining("other.json: data.vocabulary: must be a tokenizer.json");
  }

  /** Keeps what is said. */
  private record Notices(List<String> told) implements DataHome.DataListener {
    @Override
    public void noticed(String notice) {
      told.add(notice);
    }
  }
}
