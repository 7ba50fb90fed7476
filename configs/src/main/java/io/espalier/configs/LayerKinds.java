package io.espalier.configs;

import java.util.List;

/**
 * The kinds of layers that a recipe may name. The trainer has them; {@link java.util.ServiceLoader}
 * finds the list, so that reading a recipe needs no engine.
 */
public interface LayerKinds {
  /** Every kind, in the order in which messages name them. */
  List<Kind> all();

  /** One kind of layer. */
  interface Kind {
    /** The name that a recipe uses. */
    String name();

    /** The prefix of the names of layers that a recipe does not name. */
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

  /** The keys of one layer. */
  interface Settings {
    /** The value of {@link #outputs} that stands for as many outputs as the data has classes. */
    int CLASSES = 0;

    int whole(String key, int standard);

    /** A key without a default; {@code meaning} completes the message of a recipe without it. */
    int required(String key, String meaning);

    double number(String key, double standard);

    boolean flag(String key, boolean standard);

    /**
     * The required key {@code outputs}, a count of {@code what}: 1 or more, or {@link #CLASSES}.
     */
    int outputs(String what);
  }
}
