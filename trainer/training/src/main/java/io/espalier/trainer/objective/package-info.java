/** What training minimises and how it is evaluated; plain Java, without the engine. */
package io.espalier.trainer.objective;
