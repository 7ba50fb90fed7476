package io.espalier.trainer.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenizerWindowsTest {
  private static final String[] WORDS = {
    "the",
    "foxes",
    "thing",
    "playing,",
    "A",
    "dogs.",
    "é",
    "😀",
    "in",
    "12,345",
    "don't",
    "[SEP]",
    "\n",
    "  "
  };

  static Stream<String> files() {
    return Stream.of(
        SampleTokenizer.JSON,
        SampleTokenizers.byteLevel(),
        SampleTokenizers.prepended(),
        SampleTokenizers.unigram());
  }

  private static Tokenizer library(String file) {
    return Tokenizers.installed().of(TokenizerRules.accepted(TokenizerRules.parse(file)));
  }

  @ParameterizedTest
  @MethodSource("files")
  void text_splitByManyCalls_hasTheTokensAndBeginsOfOneCall(String file) {
    // Given
    Tokenizer library = library(file);
    Random random = new Random(7);
    String text =
        IntStream.range(0, 2_000)
            .mapToObj(i -> WORDS[random.nextInt(WORDS.length)])
            .collect(Collectors.joining(" "));
    TokenizedPiece whole = library.encode(text);

    // When
    TokenizedPiece split = TokenizerWindows.encode(text, 1 << 11, library::encode);

    // Then
    assertThat(text.length()).isGreaterThan(4 << 11).isLessThan(TokenizerWindows.LENGTH);
    assertThat(split.numbers()).isEqualTo(whole.numbers());
    assertThat(IntStream.range(0, split.count()).map(split::begin))
        .containsExactlyElementsOf(
            IntStream.range(0, whole.count()).map(whole::begin).boxed().toList());
  }

  @Test
  void longText_keepsItsMarksOnce() {
    Tokenizer library = library(SampleTokenizers.byteLevel());
    String text = "the thing ".repeat(4_000);

    int[] marked = library.marked(text);

    assertThat(text.length()).isGreaterThan(2 * TokenizerWindows.LENGTH);
    assertThat(marked[0]).isEqualTo(256);
    assertThat(marked[marked.length - 1]).isEqualTo(257);
    assertThat(IntStream.of(marked).skip(1).limit(marked.length - 2))
        .containsExactlyElementsOf(IntStream.of(library.encode(text).numbers()).boxed().toList());
  }

  @Test
  void run_ofOneLetter_isCutAtTheEndOfACall() {
    Tokenizer library = library(SampleTokenizer.JSON);
    int runs = 3;

    TokenizedPiece cut = library.encode("z".repeat(runs * TokenizerWindows.LENGTH));

    assertThat(cut.numbers()).containsOnly(1).hasSize(runs);
    assertThat(cut.begin(2)).isEqualTo(2 * TokenizerWindows.LENGTH);
  }

  @Test
  void fourMegabytes_ofOneLetter_takeBoundedMemory() throws IOException {
    // Given
    Tokenizer library = library(SampleTokenizers.prepended());
    String text = "q".repeat(4 << 20);
    library.encode(text.substring(0, 2 * TokenizerWindows.LENGTH));
    long before = residentMegabytes("VmRSS");
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");

    // When
    TokenizedPiece letters = library.encode(text);

    // Then
    assertThat(letters.count()).isGreaterThanOrEqualTo(4 << 20);
    assertThat(residentMegabytes("VmHWM") - before).isLessThan(500);
  }

  private static long residentMegabytes(String figure) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith(figure + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst()
          .orElseThrow();
    }
  }
}
