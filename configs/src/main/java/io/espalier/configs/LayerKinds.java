package io.espalier.configs;

import java.util.List;

/**
 * The kinds of layers of recipes, found by {@link java.util.ServiceLoader}, so that reading a
 * recipe needs no engine.
 */
public interface LayerKinds {
  /** Every kind, in the order in which messages name them. */
  List<Kind> all();

  interface Kind {
    String name();

    /** The name prefix of unnamed layers. */
    String prefix();

    /** Whether a layer can have this number of inputs. */
    boolean takes(int inputs);

    /**
     * Reads every key of the kind.
     *
     * @throws Rules.BrokenRulesException naming each key whose value breaks a rule
     */
    void read(Settings settings);
  }

  interface Settings {
    /** The value of {@link #outputs} that stands for as many outputs as the data has classes. */
    int CLASSES = 0;

    int whole(String key, int standard);

    /** A key without a default; {@code meaning} completes the message of a recipe without it. */
    default int required(String key, String meaning) {
      return required(key, meaning, 1);
    }

    /**
     * Reads a key without a default of which 1 is no value; {@code standIn} is one, to read on
     * with.
     */
    int required(String key, String meaning, int standIn);

    double number(String key, double standard);

    boolean flag(String key, boolean standard);

    /** The required key {@code outputs}: 1 or more {@code what}, or {@link #CLASSES}. */
    int outputs(String what);
  }
}
