// The page "what this does not model": docs/not-modelled.md and its Korean twin, and what every kind says of itself.
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const inline = (text) => escaped(text).replace(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replace(/`([^`]+)`/g, '<code>$1</code>').replace(/\[([^\]]+)\]\([^)]*\)/g, '$1');

// Headings and paragraphs: all that the two texts are made of.
export function to_html(markdown) {
    return markdown.trim().split(/\n{2,}/).map((block) => {
        const heading = /^(#+) (.*)$/.exec(block);
        const text = inline(block.replace(/\s*\n\s*/g, ' '));
        return heading ? `<h${heading[1].length}>${inline(heading[2])}</h${heading[1].length}>` : `<p>${text}</p>`;
    }).join('\n');
}

const k_words = {
    en: { kinds: 'Kind by kind', back: 'To the playground', other: '한국어', title: 'What is not modelled' },
    ko: { kinds: '컴포넌트별', back: '플레이그라운드로', other: 'English', title: '모델링하지 않는 것' },
};

function half(language, markdown, kinds) {
    const words = k_words[language];
    const rows = kinds.filter((kind) => kind.inaccuracies.length > 0).map((kind) =>
        `<h3>${escaped(kind.name[language])}</h3>\n<ul>\n${kind.inaccuracies.map((one) => `<li>${inline(one[language])}</li>`).join('\n')}\n</ul>`);
    return `<article lang="${language}" class="say-${language}" id="${language}">
<p><a href="./">${words.back}</a></p>
${to_html(markdown)}
<h2>${words.kinds}</h2>
${rows.join('\n')}
</article>`;
}

const k_policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; " +
    "base-uri 'none'; form-action 'none'";

export function limits_page(english, korean, kinds) {
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${k_policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>${k_words.en.title} · ${k_words.ko.title} · Scaleground</title>
<link rel="icon" href="icons/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="css/page.css">
<link rel="stylesheet" href="css/text.css">
<script src="early.js"></script>
</head>
<body class="text">
<nav><a href="?lang=en" hreflang="en" lang="en">English</a> <a href="?lang=ko" hreflang="ko" lang="ko">한국어</a></nav>
<main>
${half('en', english, kinds)}
${half('ko', korean, kinds)}
</main>
</body>
</html>
`;
}
