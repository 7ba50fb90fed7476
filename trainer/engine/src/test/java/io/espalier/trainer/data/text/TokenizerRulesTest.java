package io.espalier.trainer.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerRulesTest {
  @Test
  void tokenizers_ofThePublishedKinds_splitAndJoinTexts() {
    Tokens bytes = TokenizerFile.of(SampleTokenizers.byteLevel());
    Tokens pairs = TokenizerFile.of(SampleTokenizers.prepended());
    Tokens pieces = TokenizerFile.of(SampleTokenizers.unigram());

    assertThat(named(bytes, bytes.marked("the thing é")))
        .containsExactly(
            "<s>", "\u0120the", "\u0120", "th", "ing", "\u0120", "\u00c3", "\u00a9", "</s>");
    assertThat(bytes.text(bytes.numbers("the thing é"))).isEqualTo(" the thing é");
    assertThat(named(pairs, pairs.marked("the in é")))
        .containsExactly("<s>", "▁the", "▁", "in", "▁", "<0xC3>", "<0xA9>");
    assertThat(pairs.text(pairs.numbers("the in é"))).isEqualTo("the in é");
    assertThat(named(pieces, pieces.numbers("the  fox A")))
        .containsExactly("▁the", "▁fox", "▁", "a");
  }

  private static String[] named(Tokens tokens, int[] numbers) {
    return IntStream.of(numbers).mapToObj(tokens.names()::get).toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "normalizer    | {'type':'Replace','pattern':{'String':''},'content':'x'} |"
            + " normalizer.pattern.String",
        "normalizer    | {'type':'Replace','pattern':{'Regex':'^'},'content':'x'} | matches an"
            + " empty text",
        "normalizer    | {'type':'Replace','pattern':{},'content':'x'} | must be a String or a"
            + " Regex",
        "normalizer    |"
            + " {'type':'Replace','pattern':{'String':'a'},'content':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}"
            + " | at most 64 times as long",
        "normalizer    | {'type':'Prepend','prepend':''} | normalizer.prepend",
        "normalizer    | {'type':'Precompiled','precompiled_charsmap':'BAAAAP////8='} | as"
            + " SentencePiece writes it",
        "normalizer    | {'type':'Unknown'} | normalizer.type must be one of BertNormalizer,",
        "normalizer    | {'type':'Sequence','normalizers':[{'type':'Prepend','prepend':''}]} |"
            + " normalizer.normalizers[0].prepend",
        "pre_tokenizer | {'type':'FixedLength','length':0} | pre_tokenizer.type must be one of",
        "pre_tokenizer |"
            + " {'type':'Split','pattern':{'Regex':'(a+)+$'},'behavior':'Isolated','invert':false}"
            + " | a group must not be repeated",
        "pre_tokenizer |"
            + " {'type':'Split','pattern':{'String':''},'behavior':'Isolated','invert':false} | 1"
            + " to 256 characters",
        "post_processor|"
            + " {'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'[X]','type_id':0}}],'pair':[],'special_tokens':{}}"
            + " | must be one of its special_tokens",
        "post_processor|"
            + " {'type':'TemplateProcessing','single':[{'Sequence':{'id':'B','type_id':0}}],'pair':[],'special_tokens':{}}"
            + " | must hold the text A once",
        "post_processor|"
            + " {'type':'TemplateProcessing','single':[],'pair':[],'special_tokens':{'x':{'id':'x','ids':[1,2],'tokens':[]}}}"
            + " | as many tokens as ids",
        "decoder       | {'type':'Replace','pattern':{'String':''},'content':'x'} |"
            + " decoder.pattern.String",
        "decoder       | {'type':'Other'} | decoder.type must be one of",
        "model         |"
            + " {'type':'BPE','continuing_subword_prefix':'####','vocab':{'a':0,'b':1,'ab':2},'merges':['a"
            + " b']} | whose second begins with the prefix",
        "model         | {'type':'BPE','dropout':0.5,'vocab':{'a':0,'b':1},'merges':[]} |"
            + " model.dropout must be null",
        "model         | {'type':'Unigram','unk_id':7,'vocab':[['a',-1],['b',-2]]} | model.unk_id"
            + " must be a whole number from 0 to 1",
        "model         |"
            + " {'type':'WordPiece','max_input_chars_per_word':1000000,'vocab':{'a':0,'b':1}} |"
            + " from 0 to 1000",
        "added_tokens  | [{'id':0,'content':''}] | added_tokens[0].content",
        "padding       | {'pad_id':2147483647} | padding.pad_id must be a whole number from 0 to"
            + " 65535"
      })
  void tokenizer_withAHostilePart_isRefused(String key, String value, String rule) {
    String file = SampleTokenizers.with(key, value.replace('\'', '"'));

    assertThatThrownBy(() -> TokenizerFile.of(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(rule);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r"
            + "\\n"
            + "\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r"
            + "\\n"
            + "]*|\\s*[\\r"
            + "\\n"
            + "]+|\\s+(?!\\S)|\\s+",
        "[^\\r"
            + "\\n"
            + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
        " ?[^(\\s|[.,!?…。，、।۔،])]+",
        "\\s?[A-Za-zµÀ-ÖØ-öø-ƺ]+",
        "[一-龥ࠀ-一가-퟿]+",
        "[0-9][0-9][0-9]",
        "\\s+$",
        " {2,}",
        "``"
      })
  void pattern_ofAPublishedTokenizer_isAccepted(String regex) {
    TokenizerPattern.require(part(regex));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "a*~matches an empty text",
        "a|~matches an empty text",
        "(?=a)~matches an empty text",
        "a+a+b~too many repeats",
        "a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?b~too many repeats",
        "a{0,200}a{0,200}a{0,200}b~too many repeats",
        "(a+a)+b~a group must not be repeated",
        "a+++~must not be repeated",
        "(a)\\1~is not accepted",
        "(a~more than )",
        "a)~one ) more",
        "[a~more than ]",
        "a\\~ends with",
        "+~must follow",
        "(?<n>a)~a group must be",
        "((((a))))b(((((c)))))~nested at most"
      })
  void pattern_thatMayEndTheProcess_isRefused(String regex, String why) {
    assertThatThrownBy(() -> TokenizerPattern.require(part(regex))).hasMessageContaining(why);
  }

  private static TokenizerPart part(String regex) {
    return new TokenizerPart("pattern.Regex", TextNode.valueOf(regex));
  }

  @Test
  void accepted_hasTheLastOfTwoEqualKeys_andNeitherCutsNorFillsUp() {
    String twice =
        SampleTokenizer.JSON.replaceFirst(
            "\"normalizer\"",
            "\"normalizer\": {\"type\":\"Prepend\",\"prepend\":\"\"}, \"normalizer\"");

    JsonNode accepted = TokenizerRules.parse(TokenizerRules.accepted(TokenizerRules.parse(twice)));

    assertThat(accepted.path("normalizer").path("type").asText()).isEqualTo("BertNormalizer");
    assertThat(accepted.path("padding").isNull()).isTrue();
    assertThat(accepted.path("truncation").isNull()).isTrue();
  }

  @Test
  void tokenizer_ofTooManyValues_isRefusedBeforeItsTreeIsMade() {
    String many = "[" + "0,".repeat(2_000_000) + "0]";

    assertThatThrownBy(() -> TokenizerFile.of(many)).hasMessageContaining("at most 2,000,000");
  }

  @Test
  void charactersMap_thatLeadsOutOfItself_isRefused() {
    int[] units = new int[256];
    units['A'] = 'A' | 1 << 8 | ('A' ^ 1) << 10;
    units[1] = 1 << 31 | 99;
    String behind = SampleTokenizers.charactersMap(units, "a\0");
    units['A'] = 'A' | 1000 << 10;
    String outside = SampleTokenizers.charactersMap(units, "a\0");

    for (String map : new String[] {behind, outside}) {
      String file =
          SampleTokenizers.with(
              "normalizer",
              "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"%s\"}".formatted(map));
      assertThatThrownBy(() -> TokenizerFile.of(file)).hasMessageContaining("as SentencePiece");
    }
  }

  @Test
  void tokenizer_thatEndsItsProcess_isRefusedByATrialEachTime() {
    TokenizerFile ending = TokenizerFile.of(SampleTokenizers.ending());
    TokenizerFile again = TokenizerFile.of(SampleTokenizers.ending());

    for (TokenizerFile each : new TokenizerFile[] {ending, again}) {
      assertThatThrownBy(each::required)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("in a process of its own first")
          .hasMessageContaining("signal 6 (exit code 134)");
    }
    assertThat(TokenizerFile.of(SampleTokenizer.JSON).numbers("the fox")).containsExactly(4, 6);
  }
}
