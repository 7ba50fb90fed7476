package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.TextConfig;
import io.espalier.configs.VocabularyConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code data.vocabulary}: how a recipe names the tokens of a text. */
final class VocabularyTest {
  @ParameterizedTest
  @ValueSource(strings = {"\"a/tokenizer.json\"", "{ kind = tokenizer, path = a.model }"})
  void override_ofTheFile_takesItsPlace(String vocabulary) {
    String recipe =
        "name = words, model = char-lm, data { kind = text, context = 8, vocabulary = %s }"
            .formatted(vocabulary);

    TextConfig.Text text =
        (TextConfig.Text)
            new RecipeLoader()
                .parse("r.conf", recipe, List.of("data.vocabulary.path = /b/other"))
                .config()
                .data()
                .source();

    assertThat(text.vocabulary()).isEqualTo(new VocabularyConfig.Tokenizer(Path.of("/b/other")));
  }
}
