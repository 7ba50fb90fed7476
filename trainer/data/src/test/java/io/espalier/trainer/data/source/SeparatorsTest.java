package io.espalier.trainer.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SeparatorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      textBlock =
          """
          a,b\\n1,2          § ,
          a;b\\n1;2          § ;
          a|b\\n1|2          § |
          'a\\tb\\n1\\t2'    § '\\t'
          a;b\\n1,5;2,5      § ;
          last, first;age;x\\nDoe, John;5;y\\nRoe, Ann;6;z § ;
          "a;b",c\\n"1;2",3  § ,
          "a";"b"\\n"1";"2"  § ;
          a,l\\n1,x\\n2,x,3   § ,
          a,b;c\\n1,2;3\\n1,2;3 § ,
          a\\n1              § ,
          """)
  void find_ofASample_dividesMostRowsAlike(String sample, String separator) {
    String text = sample.replace("\\n", "\n").replace("\\t", "\t");

    assertThat(Separators.find(text, true)).isEqualTo(separator.replace("\\t", "\t").charAt(0));
  }

  @Test
  void find_rowThatTheSampleCuts_doesNotCount() {
    assertThat(Separators.find("a;b;c,d\n1;2;3,4\n1;2", false)).isEqualTo(';');
    assertThat(Separators.find("a;b;c", false)).isEqualTo(';');
  }

  @Test
  void find_emptyText_isAComma() {
    assertThat(Separators.find("", true)).isEqualTo(',');
  }
}
