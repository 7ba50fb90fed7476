package io.espalier.trainer.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.DataConfig;
import io.espalier.configs.TextConfig;
import io.espalier.configs.VocabularyConfig;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.InputEncoding;
import io.espalier.trainer.data.TextEncoding;
import io.espalier.trainer.data.text.CharacterNames;
import io.espalier.trainer.data.text.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextDataTest {
  @TempDir private Path directory;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static Dataset load(TextConfig.Text source) {
    return Datasets.load(new DataConfig(source, 2, 0), 1, DataHome.of(Path.of("no-home")));
  }

  private static TextConfig.Text characters(Path path, int context, int stride, double test) {
    return new TextConfig.Text(
        Optional.of(path), new VocabularyConfig.Characters(), context, stride, test);
  }

  private static String inputs(Examples examples, List<String> names) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < examples.count(); i++) {
      for (int t = 0; t < examples.features(); t++) {
        text.append(names.get((int) examples.raw(i, t)));
      }
      text.append('|');
    }
    return text.toString();
  }

  private static String labels(Examples examples, List<String> names) {
    StringBuilder text = new StringBuilder();
    Arrays.stream(examples.labels()).forEach(label -> text.append(names.get(label)));
    return text.toString();
  }

  @Test
  void load_overlappingWindows_haveTheNextCharacterAsLabels() throws IOException {
    Dataset data = load(characters(file("a.txt", "abcdefghij0123456789"), 4, 3, 0.5));

    List<String> names = data.classNames();
    assertThat(names).hasSize(20).startsWith("0", "1").endsWith("j");
    assertThat(inputs(data.train(), names)).isEqualTo("abcd|defg|");
    assertThat(labels(data.train(), names)).isEqualTo("bcdeefgh");
    assertThat(inputs(data.test(), names)).isEqualTo("0123|4567|");
    assertThat(labels(data.test(), names)).isEqualTo("12345678");
    assertThat(data.train().positions()).isEqualTo(4);
    assertThat(data.input()).hasToString("1×1×4");
    assertThat(data.isText()).isTrue();
  }

  @Test
  void fill_ofABatch_givesTokensAsTheyAreAndALabelPerPosition() throws IOException {
    Dataset data = load(characters(file("a.txt", "abcdefghij0123456789"), 4, 3, 0.5));

    Batch batch = new Batch(data.input(), 2).fill(data.train(), new int[] {1, 0}, 0, 2);

    assertThat(batch.rows()).isEqualTo(8);
    assertThat(batch.inputs()).containsExactly(13, 14, 15, 16, 10, 11, 12, 13);
    assertThat(batch.labels()).containsExactly(14, 15, 16, 17, 11, 12, 13, 14);
    assertThat(batch.label(4)).isEqualTo(11);
    assertThat(data.train().select(new int[] {1}).labels()).containsExactly(14, 15, 16, 17);
  }

  @Test
  void load_aFolder_readsItsFilesInTheOrderOfTheirNames() throws IOException {
    file("b.txt", "yz");
    file("a.txt", "abcabcabc");

    Dataset data = load(characters(directory, 1, 1, 0.2));

    assertThat(inputs(data.train(), data.classNames())).isEqualTo("a|b|c|a|b|c|a|b|");
  }

  @Test
  void load_bytes_hasANameForEach() throws IOException {
    Path path = directory.resolve("bytes");
    Files.write(path, new byte[] {0, -1, 65, 10, 0, -1, 65, 10});

    Dataset data =
        load(new TextConfig.Text(Optional.of(path), new VocabularyConfig.Bytes(), 2, 2, 0.5));

    assertThat(data.classNames()).hasSize(256).doesNotHaveDuplicates();
    assertThat(inputs(data.train(), data.classNames())).isEqualTo("0x000xFF|");
    assertThat(labels(data.train(), data.classNames())).isEqualTo("0xFFA");
  }

  @Test
  void load_theBundledText_isHeldWithoutFiles() {
    Dataset data =
        load(new TextConfig.Text(Optional.empty(), new VocabularyConfig.Characters(), 64, 64, 0.1));

    assertThat(data.classes()).isEqualTo(62);
    assertThat(data.train().count()).isEqualTo(5149);
    assertThat(data.test().count()).isEqualTo(572);
    assertThat(inputs(data.train(), data.classNames()))
        .startsWith("In the beginning God created the heaven and the earth.U+000AAnd");
  }

  @Test
  void load_inTheTokensOfANetwork_readsOtherText() throws IOException {
    Dataset trained = load(characters(file("a.txt", "abcabcabc\n\nabc"), 2, 2, 0.4));
    TextConfig.Text other = characters(file("b.txt", "cbacbacba"), 3, 3, 0.4);
    DataContract contract = DataContract.of(trained, other);

    Dataset data =
        Datasets.load(new DataConfig(other, 2, 0), 1, DataHome.of(Path.of("no")), contract);

    assertThat(data.classNames()).containsExactly("U+000A", "a", "b", "c");
    assertThat(data.train().features()).isEqualTo(2);
    TextConfig.Text strange = characters(file("c.txt", "abcxabcabc"), 3, 3, 0.4);
    assertThatThrownBy(
            () ->
                Datasets.load(
                    new DataConfig(strange, 2, 0), 1, DataHome.of(Path.of("no")), contract))
        .hasMessageContaining("must have no other characters than the text")
        .hasMessageContaining("character=U+0078, characters=4");
  }

  @Test
  void load_whatIsNoText_isRefused() throws IOException {
    Path path = directory.resolve("latin");
    Files.write(path, "Grüße und Grüße".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> load(characters(path, 2, 2, 0.2)))
        .hasMessageContaining("data.vocabulary: must be bytes for files that are not UTF-8")
        .hasMessageContaining("first other byte at=2");
    assertThatThrownBy(() -> load(characters(file("short", "abc"), 5, 5, 0.2)))
        .hasMessageContaining("data.context: must leave a window with one more token")
        .hasMessageContaining("context=5, tokens=3, test=0");
    assertThatThrownBy(() -> load(characters(file("nothing", ""), 2, 2, 0.5)))
        .hasMessageContaining("nothing: data.path: must hold text: bytes=0");
    assertThatThrownBy(() -> load(characters(file("same", "aaaaaaaa"), 2, 2, 0.5)))
        .hasMessageContaining("different=1");
    assertThatThrownBy(() -> load(characters(directory.resolve("none"), 2, 2, 0.5)))
        .hasMessageContaining("must be a file");
  }

  @Test
  void names_ofCharacters_areDifferent() {
    int[] all = IntStream.rangeClosed(0, 0x3000).toArray();

    assertThat(Arrays.stream(all).mapToObj(CharacterNames::of).distinct()).hasSize(all.length);
    assertThat(CharacterNames.of('+')).isEqualTo("+");
    assertThat(CharacterNames.of('\n')).isEqualTo("U+000A");
  }

  @Test
  void encoding_asJson_isReadBack() {
    TextEncoding encoding = new TextEncoding(Tokens.of("bytes", "", false), 7, false);

    assertThat(InputEncoding.parse(encoding.toJson())).isEqualTo(encoding);
    assertThatThrownBy(() -> InputEncoding.parse("{\"vocabulary\":\"words\",\"context\":7}"))
        .hasMessageContaining("an encoding of text must be valid");
  }
}
