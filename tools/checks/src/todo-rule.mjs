const reminder = /\b(TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))/;

/**
 * A reminder that names no issue is one that nobody will find.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const todoNamesAnIssue = {
  meta: { type: 'suggestion', schema: [], messages: { nameless: 'Write {{word}}(#12): a reminder names its issue.' } },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        const word = reminder.exec(comment.value)?.[1];
        if (word && comment.loc) context.report({ loc: comment.loc, messageId: 'nameless', data: { word } });
      }
    },
  }),
};
