package io.espalier.trainer.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokensTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void characters_ofLabelledTexts_readAllText() {
    Tokens tokens = Tokens.of("characters", CharacterTokens.in("banana 😀"), true);

    assertThat(tokens.names()).containsExactly("<padding>", "<other>", " ", "a", "b", "n", "😀");
    assertThat(tokens.numbers("ban 😀x")).containsExactly(4, 3, 5, 2, 6, 1);
    assertThat(tokens.fitted(tokens.marked("ban"), 5)).containsExactly(4, 3, 5, 0, 0);
    assertThat(tokens.fitted(tokens.marked("banana"), 2)).containsExactly(4, 3);
    assertThat(tokens.text(new int[] {4, 3, 1, 0})).isEqualTo("ba");
  }

  @Test
  void characters_ofOneText_refuseOthers() {
    Tokens tokens = Tokens.of("characters", CharacterTokens.in("abc"), false);

    assertThat(tokens.numbers("cab")).containsExactly(2, 0, 1);
    assertThat(tokens.tokenized(bytes("cabbac")).charactersFrom(4)).isEqualTo(2);
    assertThatThrownBy(() -> tokens.numbers("abx"))
        .hasMessageContaining("character=x, characters=3");
    assertThatThrownBy(() -> tokens.fitted(new int[1], 2))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void bytes_ofLabelledTexts_areOneMoreThanTheirValues() {
    Tokens tokens = Tokens.of("bytes", "", true);

    assertThat(tokens.names()).hasSize(257).doesNotHaveDuplicates();
    assertThat(tokens.numbers("é")).containsExactly(0xc3 + 1, 0xa9 + 1);
    assertThat(tokens.text(new int[] {0xc3 + 1, 0xa9 + 1, 0})).isEqualTo("é");
  }

  @Test
  void charactersFrom_ofBytes_countCharactersOfTheRest() {
    Tokens tokens = Tokens.of("bytes", "", false);

    assertThat(tokens.tokenized(bytes("aéb")).charactersFrom(1)).isEqualTo(2);
    assertThat(tokens.tokenized(bytes("aéb")).charactersFrom(3)).isEqualTo(1);
  }

  @Test
  void tokenizer_splitsTextsByItsRules() {
    Tokens tokens = TokenizerFile.of(SampleTokenizer.JSON);

    assertThat(tokens.names()).hasSize(13).contains("##ing", "[CLS]");
    assertThat(tokens.padding()).isZero();
    assertThat(tokens.numbers("The foxes playing, quick dog zebra"))
        .containsExactly(4, 6, 7, 8, 9, 10, 5, 11, 1);
    assertThat(tokens.text(tokens.numbers("The foxes playing, quick")))
        .isEqualTo("the foxes playing, quick");
  }

  @Test
  void tokenizer_marksTextsAndKeepsTheirEndMarks() {
    Tokens tokens = TokenizerFile.of(SampleTokenizer.JSON);

    int[] marked = tokens.marked("the foxes playing");

    assertThat(marked).containsExactly(2, 4, 6, 7, 8, 9, 3);
    assertThat(tokens.fitted(marked, 5)).containsExactly(2, 4, 6, 7, 3);
    assertThat(tokens.fitted(tokens.marked("dogs"), 6)).containsExactly(2, 11, 12, 3, 0, 0);
    assertThat(tokens.fitted(tokens.marked(""), 3)).containsExactly(2, 3, 0);
  }

  @Test
  void charactersFrom_ofATokenizer_countCharactersNotTokens() {
    Tokens tokens = TokenizerFile.of(SampleTokenizer.JSON);
    String text = "😀 the foxes, dogs";

    // [UNK] the fox ##es , dog ##s
    assertThat(tokens.numbers(text)).containsExactly(1, 4, 6, 7, 10, 11, 12);
    assertThat(tokens.tokenized(bytes(text)).charactersFrom(1))
        .isEqualTo("the foxes, dogs".length());
    assertThat(tokens.tokenized(bytes(text)).charactersFrom(5)).isEqualTo("dogs".length());
  }

  @Test
  void tokenizer_withoutPadding_getsOneTokenMore() {
    String json = SampleTokenizer.JSON.replace("[PAD]", "[NONE]").replaceAll("\"pad_id\": 0,", "");

    Tokens tokens = TokenizerFile.of(json);

    assertThat(tokens.padding()).isEqualTo(13);
    assertThat(tokens.names()).hasSize(14).endsWith("<padding>");
  }

  @Test
  void vocabularies_ofOneContent_areEqual() {
    for (Tokens tokens :
        List.of(
            Tokens.of("characters", "abc", true),
            Tokens.of("bytes", "", false),
            TokenizerFile.of(SampleTokenizer.JSON))) {
      assertThat(Tokens.of(tokens.vocabulary(), tokens.content(), tokens.padding() == 0))
          .isEqualTo(tokens)
          .hasSameHashCodeAs(tokens);
    }
    assertThat(Tokens.of("characters", "abc", true))
        .isNotEqualTo(Tokens.of("characters", "abc", false));
  }

  @Test
  void tokenizer_thatIsNone_isRefused() {
    assertThatThrownBy(() -> TokenizerFile.of("{\"model\""))
        .hasMessageContaining("a tokenizer must be JSON");
    assertThatThrownBy(() -> TokenizerFile.of("{}"))
        .hasMessageContaining("a vocabulary of 2 to 65536 tokens: tokens=0");
    assertThatThrownBy(() -> TokenizerFile.of("{\"model\":{\"vocab\":{\"a\":0,\"b\":70000}}}"))
        .hasMessageContaining("largest number=70000");
    assertThatThrownBy(
            () ->
                TokenizerFile.of("{\"model\":{\"type\":\"None\",\"vocab\":{\"a\":0,\"b\":1}}}")
                    .required())
        .hasMessageContaining("must be one of BPE, WordPiece, WordLevel, Unigram: model.type=");
  }
}
