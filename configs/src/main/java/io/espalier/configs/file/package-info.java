/** Files: atomic replacement, locks and the JSON mappers that all modules use. */
package io.espalier.configs.file;
