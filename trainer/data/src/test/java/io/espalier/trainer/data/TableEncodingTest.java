package io.espalier.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.trainer.data.TableEncoding.Column;
import io.espalier.trainer.data.TableEncoding.NumberColumn;
import io.espalier.trainer.data.TableEncoding.TextColumn;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TableEncodingTest {
  private static final TextColumn COLOUR =
      new TextColumn("colour", List.of("blue", "red"), "red", true);
  private static final NumberColumn AGE = new NumberColumn("age", Optional.of(34.5f), true);
  private static final TableEncoding ENCODING =
      new TableEncoding(
          Optional.of("kind"),
          Optional.empty(),
          List.of("", "NA"),
          List.of(AGE, COLOUR, new NumberColumn("size", Optional.of(.1f), false)));

  private static float[] written(Column column, float cell) {
    float[] target = new float[column.features().size()];
    column.write(cell, target, 0);
    return target;
  }

  @Test
  void features_namesEveryInputInOrder() {
    assertThat(ENCODING.features())
        .containsExactly(
            "age", "age missing", "colour=blue", "colour=red", "colour missing", "size");
    assertThat(ENCODING.numbers()).containsExactly(true, false, false, false, false, true);
  }

  @Test
  void write_number_isItselfAndAGapIsTheFillWithTheIndicator() {
    assertThat(written(AGE, 2)).containsExactly(2, 0);
    assertThat(written(AGE, TableEncoding.MISSING)).containsExactly(34.5f, 1);
  }

  @Test
  void write_text_isOneOfItsCategoriesAndAnUnknownOneIsNone() {
    assertThat(written(COLOUR, COLOUR.index("blue"))).containsExactly(1, 0, 0);
    assertThat(written(COLOUR, COLOUR.index("teal"))).containsExactly(0, 0, 0);
    assertThat(written(COLOUR, TableEncoding.MISSING)).containsExactly(0, 1, 1);
  }

  @Test
  void parse_ofItsJson_isEqual() {
    assertThat(TableEncoding.parse(ENCODING.toJson())).isEqualTo(ENCODING);
    assertThat(ENCODING.toJson())
        .contains(
            "{\"kind\":\"number\",\"name\":\"age\",\"fill\":34.5,\"indicator\":true}",
            "{\"kind\":\"text\",\"name\":\"colour\",\"categories\":[\"blue\",\"red\"],"
                + "\"fill\":\"red\",\"indicator\":true}");
  }

  @Test
  void parse_keyOfALaterVersion_isIgnored() {
    String later = ENCODING.toJson().replaceFirst("\\{", "{\"later\":1,");

    assertThat(TableEncoding.parse(later)).isEqualTo(ENCODING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{\"label\":null,\"cells\":null,\"missing\":[]}",
        "{\"label\":null,\"cells\":null,\"missing\":[],\"columns\":[]}",
        "{\"missing\":[],\"columns\":[{\"kind\":\"date\",\"name\":\"a\"}]}",
        "{\"missing\":[],\"columns\":[{\"kind\":\"number\",\"name\":\"a\",\"fill\":\"x\"}]}",
        "{\"missing\":[],\"columns\":[{\"kind\":\"number\",\"name\":\"a\",\"indicator\":true}]}",
        "{\"missing\":[],\"columns\":[{\"kind\":\"text\",\"name\":\"a\",\"fill\":\"x\","
            + "\"categories\":[\"y\"]}]}",
        "{\"missing\":[],\"columns\":[{\"kind\":\"text\",\"name\":\"a\",\"fill\":\"x\","
            + "\"categories\":[\"y\",\"x\"]}]}",
        "{\"missing\":[],\"columns\":[{\"kind\":\"number\",\"name\":\"a\"},"
            + "{\"kind\":\"number\",\"name\":\"a\"}]}",
      })
  void parse_brokenJson_isRefused(String json) {
    assertThatThrownBy(() -> TableEncoding.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a table's encoding must be valid");
  }
}
